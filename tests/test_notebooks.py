"""The notebooks run from a clean kernel, and are committed without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def name(path):
    return path.stem


@pytest.mark.notebooks
@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_runs(path, tmp_path):
    notebook = read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    assert any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_has_no_outputs_and_explains_itself(path):
    cells = read(path).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert cells[0].source.startswith("# ")
    assert len(cells) - len(code) >= len(code) / 2
