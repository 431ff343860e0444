"""Twenty colours for labels, computed to be told apart in light and dark themes and by the colour-blind."""

PALETTE = (
    *(
        "#189ed1",
        "#ff5a3c",
        "#8700ff",
        "#d27896",
        "#1e785a",
        "#22679c",
        "#5a6900",
        "#00a596",
        "#16a23e",
        "#d2000f",
    ),
    *(
        "#9669ff",
        "#ff3cc3",
        "#c300b4",
        "#e10f78",
        "#a64850",
        "#9678a5",
        "#b48778",
        "#2d7887",
        "#785a69",
        "#787878",
    ),
)
"""
Each has a contrast of 3:1 or more (WCAG 2.2, 1.4.11) to white and to #111111. Any two differ by 14 in CIEDE2000, and by
7.5 as seen with protanopia or deuteranopia (simulated after Machado, Oliveira and Fernandes, IEEE TVCG 15, 2009); the
first eight by 17 and 9. The order is that of largest distance from those before.
"""
