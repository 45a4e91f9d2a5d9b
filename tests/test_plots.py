"""The figures: what they show, where they are drawn, and what they need."""

import pytest
from test_corpus_report import article

from quotestance import plots
from quotestance.document import Document, Stance
from quotestance.evaluation import confusions, reliability

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

DOCUMENTS = [
    article(1, date="2031-03-04"),
    article(2, "dialogue", date="2031-03-04"),
    article(3, "pressure", "Tomas Reke", date="2031-03-06"),
]
GOLD = [Stance.from_labels([label]) for label in ("pressure", "dialogue", "dialogue")]
PREDICTED = [Stance("pressure", ("pressure",), {"pressure": 0.8, "dialogue": 0.2})] * 3


def sizes(ax, side):
    return [[getattr(bar, f"get_{side}")() for bar in bars] for bars in ax.containers]


def test_bars_by_speaker():
    ax = plots.stance_by_speaker(DOCUMENTS).axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Ilse Varga", "Tomas Reke"]
    assert sizes(ax, "width") == [[1, 1], [1, 0]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["▲ pressure", "⇄ dialogue"]


def test_only_so_many_speakers():
    ax = plots.stance_by_speaker(DOCUMENTS, most=1).axes[0]
    assert len(ax.get_yticklabels()) == 1


def test_columns_by_time():
    ax = plots.stance_over_time(DOCUMENTS).axes[0]
    assert sizes(ax, "height") == [[1, 0, 1], [1, 0, 0]]
    assert ax.get_xlabel() == "day"


def test_reliability_has_a_point_for_each_bin():
    ax = plots.reliability_diagram(reliability(GOLD, PREDICTED)).axes[0]
    assert ax.collections[-1].get_offsets().tolist() == [pytest.approx([0.8, 1 / 3])]


def test_confusions_by_gold_and_predicted():
    ax = plots.confusion_matrix(confusions(GOLD, PREDICTED)).axes[0]
    gold = [tick.get_text() for tick in ax.get_yticklabels()]
    assert [text.get_text() for text in ax.texts][gold.index("dialogue") * len(gold)] == "2"


def test_figures_go_where_they_are_told_to():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2)
    assert plots.stance_by_speaker(DOCUMENTS, ax=axes[1]) is figure
    assert not axes[0].containers
    assert axes[1].containers
    plt.close(figure)


def test_figures_are_left_to_the_caller():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    plots.stance_by_speaker(DOCUMENTS)
    assert plt.get_fignums() == before


def test_nothing_to_draw_is_told():
    with pytest.raises(ValueError, match="no quotations"):
        plots.stance_by_speaker([Document("Nothing.")])
    with pytest.raises(ValueError, match='the field "date"'):
        plots.stance_over_time([article(1)])
