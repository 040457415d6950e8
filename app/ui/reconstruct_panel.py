"""The reconstruct panel: which models, how many hypotheses, which seed, on what."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.inference.card import Card
from app.ui.actions import Actions
from app.ui.controller import Controller
from app.ui.devices import DeviceBox, outlook
from app.ui.model_list import ModelList
from app.ui.run_batch import RunRequest
from app.ui.settings import Settings
from app.ui.theme.tokens import Space
from app.ui.widgets import Section, action_button, label, row, spin_box

MOST_HYPOTHESES = 32
LARGEST_SEED = 2**31 - 1
NAME_WIDTH = 84


class ReconstructPanel(Section):
    """What to run.

    Attributes:
        models: the list of models.
        hypotheses, seed, device: the fields.
        used: says which processor runs the models, and why not another.
    """

    changed = Signal()

    def __init__(self, controller: Controller, actions: Actions, settings: Settings) -> None:
        super().__init__("")
        self.title.setText(self.tr("Reconstruct"))
        self.setAccessibleName(self.tr("Reconstruct"))
        self._controller = controller
        self._settings = settings
        self.models = ModelList()
        self._none = label(role="soft", wrap=True)
        self.hypotheses = spin_box(
            1,
            MOST_HYPOTHESES,
            settings.number("hypotheses", 3, least=1, most=MOST_HYPOTHESES),
            name=self.tr("Number of hypotheses"),
            tip=self.tr("How many each model makes; three or more show how uncertain they are"),
        )
        self.seed = spin_box(
            0,
            LARGEST_SEED,
            settings.number("seed", 0, least=0, most=LARGEST_SEED),
            name=self.tr("Seed"),
            tip=self.tr("The same seed gives the same hypotheses"),
        )
        self.device = DeviceBox(controller, settings, short=True)
        self._single = label(role="caption", wrap=True)
        self.used = label(self.tr("Looking for processors…"), role="caption", wrap=True)
        self.body.addWidget(self.models)
        self.body.addWidget(self._none)
        self.body.addSpacing(Space.XS)
        self.body.addLayout(row(_name(self.tr("Hypotheses")), self.hypotheses, gap=Space.S))
        self.body.addWidget(self._single)
        dice = action_button(actions["new_seed"], size=28)
        self.body.addLayout(row(_name(self.tr("Seed")), self.seed, dice, gap=Space.S))
        self.body.addLayout(row(_name(self.tr("Device")), self.device, gap=Space.S))
        self.body.addWidget(self.used)
        for field in (self.hypotheses, self.seed, self.device):
            field.setMinimumWidth(96)
        self.models.changed.connect(self._models_changed)
        self.hypotheses.valueChanged.connect(lambda value: settings.set("hypotheses", value))
        self.seed.valueChanged.connect(lambda value: settings.set("seed", value))
        settings.changed.connect(lambda key: self._show_outlook() if key == "device" else None)
        controller.devices_found.connect(lambda _: self._show_outlook())
        actions["new_seed"].triggered.connect(self.new_seed)
        self.refresh_models()

    def refresh_models(self) -> None:
        """Show the models of the zoo."""
        bench = self._controller.bench
        self.models.set_cards(bench.models, self._settings.text("models").split(","))
        folders = ", ".join(str(folder) for folder in bench.zoo.folders)
        self._none.setText(
            self.tr("No reconstruction model is installed. Put a model's folder into {0}.").format(
                folders
            )
        )
        self._none.setVisible(not self.models.rows)

    def request(self) -> RunRequest | None:
        """What to run, or None when no model is ticked."""
        chosen = self.models.chosen()
        if not chosen:
            return None
        names = tuple(card.name for card in chosen)
        return RunRequest(names, self.hypotheses.value(), self.seed.value())

    def new_seed(self) -> None:
        """Choose another seed by chance, short enough to be read out."""
        self.seed.setValue(secrets.randbelow(1_000_000))

    def _models_changed(self) -> None:
        chosen = self.models.chosen()
        if self.models.rows:
            self._settings.set("models", ",".join(card.name for card in chosen))
        single = [card for card in chosen if not card.output.latent]
        self._single.setText(self._single_text(single, len(chosen)))
        self._single.setVisible(bool(single))
        self.aside.setText(
            self.tr("{0} of {1} models").format(len(chosen), len(self.models.rows))
            if len(self.models.rows) > 1
            else ""
        )
        self.changed.emit()

    def _single_text(self, single: list[Card], chosen: int) -> str:
        if not single:
            return ""
        if len(single) == chosen:
            return self.tr("What is chosen has one answer only and makes one hypothesis.")
        names = ", ".join(card.title for card in single)
        return self.tr("One hypothesis only: {0}.").format(names)

    def _show_outlook(self) -> None:
        """What will be used; after a run, :meth:`show_used` says what was."""
        if self._controller.devices:
            self.used.setText(outlook(self.device.wish, self._controller.devices))

    def show_used(self, text: str) -> None:
        """Say what the last run really used."""
        self.used.setText(text)


def _name(text: str) -> QLabel:
    name = label(text, role="soft")
    name.setFixedWidth(NAME_WIDTH)
    return name
