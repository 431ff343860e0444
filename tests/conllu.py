"""Sentences in CoNLL-U of our own: tokens of several words, empty nodes, comments, enhanced columns, three scripts."""


def _lines(*rows: str) -> str:
    return "\n".join("\t".join(row.split()) if not row.startswith("#") else row for row in rows) + "\n\n"


CAT = _lines(
    "# sent_id = cat-1",
    "# text = The old cat doesn't see what sleeps.",
    "# said = by nobody",
    "1 The the DET DT Definite=Def 3 det 3:det _",
    "2 old old ADJ JJ Degree=Pos 3 amod 3:amod _",
    "3 cat cat NOUN NN Number=Sing 6 nsubj 6:nsubj _",
    "4-5 doesn't _ _ _ _ _ _ _ _",
    "4 does do AUX VBZ _ 6 aux 6:aux _",
    "5 n't not PART RB _ 6 advmod 6:advmod _",
    "6 see see VERB VB VerbForm=Inf 0 root 0:root _",
    "7 what what PRON WP _ 8 nsubj 8:nsubj _",
    "7.1 that that PRON WDT _ _ _ 8:nsubj _",
    "8 sleeps sleep VERB VBZ _ 6 ccomp 6:ccomp SpaceAfter=No",
    "9 . . PUNCT . _ 6 punct 6:punct _",
)

HOME = _lines(
    "# sent_id = heim-2",
    "# text = Sie geht zum Haus.",
    "1 Sie sie PRON _ _ 2 nsubj _ _",
    "2 geht gehen VERB _ _ 0 root _ _",
    "3-4 zum _ _ _ _ _ _ _ _",
    "3 zu zu ADP _ _ 5 case _ _",
    "4 dem der DET _ _ 5 det _ _",
    "5 Haus Haus NOUN _ _ 2 obl:arg _ SpaceAfter=No",
    "6 . . PUNCT _ _ 2 punct _ _",
)

HEBREW = _lines(
    "# sent_id = dag-3",
    "# text = הילד ראה דג גדול.",
    "1 הילד ילד NOUN _ _ 2 nsubj _ _",
    "2 ראה ראה VERB _ _ 0 root _ _",
    "3 דג דג NOUN _ _ 2 obj _ _",
    "4 גדול גדול ADJ _ _ 3 amod _ SpaceAfter=No",
    "5 . . PUNCT _ _ 2 punct _ _",
)

BARE = _lines(
    "1 Go _ _ _ _ _ _ _ _",
    "2 on _ _ _ _ _ _ _ SpaceAfter=No",
    "3 ! _ _ _ _ _ _ _ _",
)

CLOCK = _lines(
    "# sent_id = clock-1",
    "# text = Nobody knows why the old clock in the hall doesn't stop.",
    "1 Nobody nobody PRON _ _ 2 nsubj _ _",
    "2 knows know VERB _ _ 0 root _ _",
    "3 why why ADV _ _ 12 advmod _ _",
    "4 the the DET _ _ 6 det _ _",
    "5 old old ADJ _ _ 6 amod _ _",
    "6 clock clock NOUN _ _ 12 nsubj _ _",
    "7 in in ADP _ _ 9 case _ _",
    "8 the the DET _ _ 9 det _ _",
    "9 hall hall NOUN _ _ 6 nmod _ _",
    "10-11 doesn't _ _ _ _ _ _ _ _",
    "10 does do AUX _ _ 12 aux _ _",
    "11 n't not PART _ _ 12 advmod _ _",
    "12 stop stop VERB _ _ 2 ccomp _ SpaceAfter=No",
    "13 . . PUNCT _ _ 2 punct _ _",
)

SAMPLE = CAT + HOME + HEBREW + BARE
