"""How a stance classifier is trained where the user does not say: by the number of items."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = 400
_MOST_EPOCHS = 20
_FEWEST_EPOCHS = 5
_FEW = 256


@dataclass(frozen=True, slots=True)
class Settings:
    """``epochs`` at most, ``patience`` of them without gain; ``batch_size`` on each device."""

    epochs: float
    batch_size: int
    learning_rate: float
    patience: int

    @classmethod
    def for_items(
        cls,
        items: int,
        *,
        epochs: float | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        patience: int | None = None,
    ) -> Settings:
        """Settings for that many training items, but for those that are given.

        A model needs some hundred steps whatever the data (Mosbach et al. 2021; Zhang et al.
        2021): batches of 8 items below 256 items, else of 16; epochs for 400 steps, at least 5
        and at most 20; a learning rate of 1e-4; patience of a quarter of the epochs, at least 2.

        Measured on five new labels (`benchmarks/few_shot.py`): with 32 examples of each macro-F1
        was .29 ("small") and .38 ("minilm-l6") above that of TF-IDF. With 8, where 20 epochs are
        but 80 steps, "minilm-l6" was no better than TF-IDF.
        """
        size = batch_size or (8 if items < _FEW else 16)
        if epochs is None:
            wanted = math.ceil(_STEPS * size / max(1, items))
            epochs = min(_MOST_EPOCHS, max(_FEWEST_EPOCHS, wanted))
        return cls(
            epochs=epochs,
            batch_size=size,
            learning_rate=1e-4 if learning_rate is None else learning_rate,
            patience=patience or max(2, int(epochs) // 4),
        )
