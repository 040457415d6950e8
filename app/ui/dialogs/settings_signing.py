"""The page of the settings that says with what exports are signed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from app.export.errors import ExportError
from app.export.local_certificate import make_local_certificate
from app.export.signing import Signing, available, check_signing, find_signing
from app.ui.controller import Controller
from app.ui.dialogs.settings_pages import SettingsPage
from app.ui.jobs import Failure
from app.ui.sentences import in_language
from app.ui.settings import Settings
from app.ui.widgets import label, row


class SigningPage(SettingsPage):
    """Certificate and key of the lab, or ones made on this computer.

    Attributes:
        state: what exports are signed with now.
        certificate, key: the files.
        organisation, make: the name for a certificate of this computer, and the button that makes it.
    """

    def __init__(self, controller: Controller, settings: Settings) -> None:
        super().__init__(self.tr("Content credentials"))
        self._controller = controller
        self._settings = settings
        self.form.addRow(
            label(
                self.tr(
                    "Exported pictures carry C2PA content credentials where signing is set up. They say "
                    "that a picture was made by a model, and show every later change."
                ),
                role="soft",
                wrap=True,
            )
        )
        self.state = label(wrap=True)
        self.state.setAccessibleName(self.tr("State of signing"))
        self.form.addRow(label(self.tr("Now"), role="soft"), self.state)
        self.certificate = self._file(self.tr("Certificate"), "certificate")
        self.key = self._file(self.tr("Key"), "key")
        self.note(
            self.tr("PEM files from your lab. Leave both empty to use what this computer has.")
        )
        self.organisation = QLineEdit()
        self.organisation.setMaxLength(64)
        self.organisation.setAccessibleName(self.tr("Organisation"))
        self.organisation.setPlaceholderText(self.tr("Name of the laboratory"))
        self.make = QPushButton(self.tr("Make a certificate"))
        self.make.setEnabled(False)
        both = QWidget()
        line = row(self.organisation, self.make)
        line.setStretch(0, 1)
        both.setLayout(line)
        self.add(self.tr("Organisation"), both)
        self.note(
            self.tr(
                "For labs that have none: made here, kept here, valid for five years. Readers show the "
                "name and say that they do not know who issued it."
            )
        )
        self.organisation.textChanged.connect(
            lambda text: self.make.setEnabled(bool(text.strip()))
        )
        self.make.clicked.connect(self._make)
        self._show_state()

    def _file(self, name: str, what: str) -> QLineEdit:
        field = QLineEdit(self._settings.text(f"signing/{what}"))
        field.setAccessibleName(name)
        field.setPlaceholderText(self.tr("None"))
        field.editingFinished.connect(self._take)
        browse = QPushButton(self.tr("Browse…"))
        browse.setAccessibleName(self.tr("Browse: {0}").format(name))
        browse.clicked.connect(partial(self._browse, field, name))
        both = QWidget()
        line = row(field, browse)
        line.setStretch(0, 1)
        both.setLayout(line)
        self.add(name, both)
        return field

    def _browse(self, field: QLineEdit, name: str) -> None:
        kinds = self.tr("PEM files (*.pem *.crt *.key)") + ";;" + self.tr("All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, name, field.text(), kinds)
        if chosen:
            field.setText(chosen)
            self._take()

    def _take(self) -> None:
        """Use what is typed; half of it is kept in the fields only."""
        certificate, key = self.certificate.text().strip(), self.key.text().strip()
        if bool(certificate) != bool(key):
            self._say(self.tr("Certificate and key belong together; choose both."), bad=True)
            return
        if certificate:
            try:
                check_signing(Signing(certificate=Path(certificate), key=Path(key)))
            except ExportError as error:
                self._say(str(error), bad=True)
                return
        self._settings.set("signing/certificate", certificate)
        self._settings.set("signing/key", key)
        self._controller.bench.signing = self._settings.signing
        self._show_state()

    def _make(self) -> None:
        """Make a certificate; it takes a moment, so it is a job."""
        organisation = self.organisation.text()
        self.make.setEnabled(False)
        job = self._controller.jobs.submit(
            lambda _: make_local_certificate(organisation),
            title=self.tr("Making a certificate"),
            lane="edit",
        )
        job.done.connect(self._made)
        job.failed.connect(self._failed)

    def _made(self, _: Signing) -> None:
        self.organisation.clear()
        self._show_state()

    def _failed(self, failure: Failure) -> None:
        self.make.setEnabled(True)
        self._say(failure.sentence, bad=True)

    def _show_state(self) -> None:
        missing = available()
        if missing:
            self._say(missing, bad=True)
            return
        try:
            signing = self._settings.signing or find_signing()
            if signing is not None:
                check_signing(signing)
        except ExportError as error:
            self._say(str(error), bad=True)
            return
        if signing is None:
            self._say(self.tr("Exports are not signed."))
        else:
            self._say(self.tr("Exports are signed with {0}.").format(signing.certificate))

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        self.state.setText(in_language(sentence))
        self.state.setProperty("role", "warning" if bad else "")
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
