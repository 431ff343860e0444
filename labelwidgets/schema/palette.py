"""Twenty colours for labels, told apart in light and dark themes and by the colour-blind."""

PALETTE = (
    "#1f77b4", "#d55e00", "#2a8f5b", "#b03aa0", "#8a6d00", "#6a5acd", "#c2185b", "#00838f", "#7a5c3e", "#5f7f1f",
    "#3f51b5", "#e0483e", "#00897b", "#9c4dcc", "#b26a00", "#546e7a", "#ad1457", "#1e88e5", "#6d4c41", "#43a047",
)  # fmt: skip
