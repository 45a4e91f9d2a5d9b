"""Quotations for people to label, their labels back as stance items, and how well they agree.

``tasks_of`` makes a task of each quotation of analysed documents and ``select`` chooses among
them; ``label_studio`` and ``spreadsheet`` write them and read what came back; ``settle`` makes
stance items of it, and ``agreement`` measures.
"""

from quotestance.labelling.agreement import Agreement, agreement
from quotestance.labelling.files import read_labelled, write_tasks
from quotestance.labelling.selection import select
from quotestance.labelling.settling import Settled, settle, split
from quotestance.labelling.tasks import Task, tasks_of

__all__ = [
    "Agreement",
    "Settled",
    "Task",
    "agreement",
    "read_labelled",
    "select",
    "settle",
    "split",
    "tasks_of",
    "write_tasks",
]
