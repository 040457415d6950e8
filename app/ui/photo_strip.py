"""The photo strip: a thumbnail of every open photo, its name and how far it is."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from app.ui.plain import plain_tip
from app.ui.session import PhotoSession, Session, Stage
from app.ui.theme.icons import icon
from app.ui.theme.manager import FAMILY, theme
from app.ui.theme.tokens import Radius, Space, Tokens, Type
from app.ui.widgets import ICON, column, label, row

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 66
PICTURE = QSize(66, 50)

PHOTO_ROLE = Qt.ItemDataRole.UserRole


def state_of(photo: PhotoSession) -> tuple[str, str]:
    """What the strip says about a photo, and the name of the token it says it in."""
    translate = QCoreApplication.translate
    if photo.stage is Stage.FAILED:
        return translate("PhotoStrip", "Could not be opened"), "bad"
    if photo.stage is Stage.OPENING:
        return translate("PhotoStrip", "Opening…"), "text_soft"
    if photo.stage is Stage.ANALYSING:
        return translate("PhotoStrip", "Looking for faces…"), "text_soft"
    if photo.stage is Stage.RECONSTRUCTING:
        return translate("PhotoStrip", "Reconstructing…"), "accent_text"
    if photo.hypotheses:
        count = len(photo.hypotheses)
        if count == 1:
            return translate("PhotoStrip", "1 hypothesis"), "good"
        return translate("PhotoStrip", "{0} hypotheses").format(count), "good"
    if photo.document is None:
        return "", "text_soft"
    if photo.failure is not None:
        return translate("PhotoStrip", "Not fully analysed"), "warn"
    if not photo.faces:
        return translate("PhotoStrip", "No face found"), "warn"
    if not photo.masked:
        return translate("PhotoStrip", "No mask found"), "text_soft"
    if photo.document.edited_by_hand:
        return translate("PhotoStrip", "Map edited"), "text_soft"
    return translate("PhotoStrip", "Map found"), "text_soft"


class PhotoListModel(QAbstractListModel):
    """The session's photos as a Qt model."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._watched: set[PhotoSession] = set()
        session.photos_changed.connect(self._reset)
        self._reset()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many photos are open."""
        return 0 if parent.isValid() else len(self._session.photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A photo's name, state and place."""
        if not index.isValid() or index.row() >= len(self._session.photos):
            return None
        photo = self._session.photos[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return photo.name
        if role == PHOTO_ROLE:
            return photo
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.name}, {state_of(photo)[0]}"
        if role == Qt.ItemDataRole.ToolTipRole:
            reason = f"\n{photo.failure.sentence}" if photo.failure is not None else ""
            return plain_tip(f"{photo.path}{reason}")
        return None

    def _reset(self) -> None:
        self.beginResetModel()
        for photo in self._session.photos:
            if photo not in self._watched:
                self._watched.add(photo)
                for signal in (
                    photo.stage_changed,
                    photo.thumbnail_changed,
                    photo.map_edited,
                    photo.hypotheses_changed,
                ):
                    signal.connect(self._changed)
        self._watched.intersection_update(self._session.photos)
        self.endResetModel()

    def _changed(self) -> None:
        photo = self.sender()
        if isinstance(photo, PhotoSession) and photo in self._session.photos:
            index = self.index(self._session.photos.index(photo))
            self.dataChanged.emit(index, index)


def shortened(name: str, metrics: QFontMetrics, width: int) -> str:
    """A file's name that fits: the ending goes first, because what tells photos apart is before it."""
    stem = name.rpartition(".")[0] or name
    fits = metrics.horizontalAdvance(name) <= width
    return name if fits else metrics.elidedText(stem, Qt.TextElideMode.ElideMiddle, width)


class PhotoDelegate(QStyledItemDelegate):
    """Paints one photo of the strip."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index, /) -> QSize:
        """Every row is equally high."""
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Thumbnail at the left, name and state at its right."""
        photo = index.data(PHOTO_ROLE)
        if not isinstance(photo, PhotoSession):
            return
        tokens = theme().tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_row(painter, option, tokens)
        rectangle: QRect = option.rect
        frame = QRect(
            rectangle.left() + Space.S + 2,
            rectangle.top() + (ROW_HEIGHT - PICTURE.height()) // 2,
            PICTURE.width(),
            PICTURE.height(),
        )
        _paint_thumbnail(painter, frame, photo.thumbnail, tokens)
        if photo.thumbnail is None and photo.stage is Stage.FAILED:
            side = ICON + 4
            place = QRect(0, 0, side, side)
            place.moveCenter(frame.center())
            icon("image", colour=tokens.text_faint).paint(painter, place)
        left = frame.right() + Space.S + 3
        width = rectangle.right() - left - Space.S
        state, colour = state_of(photo)
        font = QFont(FAMILY)
        font.setPixelSize(Type.BODY)
        name_box = QRect(left, rectangle.top() + 14, width, 18)
        state_box = QRect(left, name_box.bottom() + 3, width, 16)
        if not state:
            name_box.moveTop(rectangle.top() + (ROW_HEIGHT - 18) // 2)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        shown = shortened(photo.name, QFontMetrics(font), width)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(name_box, align, shown)
        font.setPixelSize(Type.CAPTION)
        painter.setFont(font)
        painter.setPen(QColor(getattr(tokens, colour)))
        shown = QFontMetrics(font).elidedText(state, Qt.TextElideMode.ElideRight, width)
        painter.drawText(state_box, align, shown)
        painter.restore()

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, tokens: Tokens) -> None:
        state: QStyle.StateFlag = option.state
        rectangle = QRectF(option.rect).adjusted(4, 1, -4, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(tokens.accent_wash))
            painter.drawRoundedRect(rectangle, Radius.CONTROL, Radius.CONTROL)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(rectangle, Radius.CONTROL, Radius.CONTROL)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.accent_hover), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                rectangle.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CONTROL, Radius.CONTROL
            )


class PhotoStrip(QFrame):
    """The strip with its heading; follows and sets the session's current photo."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._session = session
        self.list = QListView()
        self.list.setModel(PhotoListModel(session, self.list))
        self.list.setItemDelegate(PhotoDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Photo strip"))
        self._heading = label(self.tr("Photos"), role="section")
        self._count = label(role="caption")
        head = row(self._heading, None, self._count)
        head.setContentsMargins(Space.L, Space.M + 2, Space.L, Space.S)
        self.setLayout(column(head, self.list, gap=0))
        self.setMinimumWidth(168)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._selected)
        session.current_changed.connect(self._follow)
        session.photos_changed.connect(self._photos_changed)
        theme().changed.connect(self.list.viewport().update)
        self._photos_changed()

    def _photos_changed(self) -> None:
        count = len(self._session.photos)
        self._count.setText(str(count) if count else "")
        self._follow()

    def _follow(self) -> None:
        """Select what is on the canvas."""
        current = self._session.current
        if current is None or current not in self._session.photos:
            return
        index = self.list.model().index(self._session.photos.index(current), 0)
        if self.list.currentIndex() != index:
            self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _selected(self, index: QModelIndex) -> None:
        photo = index.data(PHOTO_ROLE)
        if isinstance(photo, PhotoSession):
            self._session.set_current(photo)

    def event(self, event: QEvent, /) -> bool:
        """Hide tool tips that belong to a row that has gone."""
        if event.type() == QEvent.Type.Leave:
            QToolTip.hideText()
        return super().event(event)


def _paint_thumbnail(
    painter: QPainter, frame: QRect, thumbnail: QImage | None, tokens: Tokens
) -> None:
    """A picture that fills its frame, cut off where it is longer; an empty frame until there is one."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(frame), 4, 4)
    painter.fillPath(path, QColor(tokens.raised))
    if thumbnail is None:
        return
    scale = max(frame.width() / thumbnail.width(), frame.height() / thumbnail.height())
    width, height = frame.width() / scale, frame.height() / scale
    # Portraits are cut at the bottom rather than at the top, where the face is.
    top = min((thumbnail.height() - height) * 0.3, thumbnail.height() - height)
    source = QRectF((thumbnail.width() - width) / 2, top, width, height)
    painter.save()
    painter.setClipPath(path)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(frame), thumbnail, source)
    painter.restore()
