"""One model ready to run: ONNX Runtime behind a small, typed, cancellable face."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.inference import devices
from app.inference.contract import check_contract, check_inputs
from app.inference.errors import Cancelled, ModelError
from app.inference.zoo import Model

Tensors = dict[str, NDArray[np.float32]]

OUT_OF_MEMORY = re.compile(
    r"out of memory|allocat|available memory|E_OUTOFMEMORY|cudaMalloc|BFCArena", re.IGNORECASE
)
"""What the providers say, somewhere in their message, when the GPU's memory is full."""


class CancelToken:
    """A wish to stop that reaches into runs already under way; usable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._runs: list[Any] = []

    def cancel(self) -> None:
        """Stop every run that watches this token, now and later."""
        with self._lock:
            self._cancelled = True
            for options in self._runs:
                options.terminate = True

    @property
    def cancelled(self) -> bool:
        """Whether :meth:`cancel` was called."""
        return self._cancelled

    def check(self) -> None:
        """Raise :class:`Cancelled` when the token was cancelled; for the steps between runs."""
        if self._cancelled:
            raise Cancelled("Cancelled; nothing was changed.")

    @contextlib.contextmanager
    def watch(self, options: Any) -> Iterator[None]:
        """Let :meth:`cancel` terminate the run that has these ``RunOptions`` while the block lasts."""
        with self._lock:
            options.terminate = self._cancelled
            self._runs.append(options)
        try:
            yield
        finally:
            with self._lock:
                self._runs.remove(options)


class ModelSession:
    """A model of the zoo on one device.

    Nothing is read or imported before the first run (or :meth:`load`). Any number of threads may
    run the same session.

    Attributes:
        model: the model that it runs.
        device: the device asked for; :attr:`provider` says what is really used.
        threads: threads of one run.
    """

    def __init__(
        self,
        model: Model,
        device: devices.DeviceName = "auto",
        threads: int | None = None,
    ) -> None:
        self.model = model
        self.device: devices.DeviceName = device
        self.threads = threads or devices.default_threads()
        self._lock = threading.Lock()
        self._run_lock = threading.Lock()
        self._session: Any = None
        self._fallback: str | None = None

    @property
    def provider(self) -> str:
        """ONNX Runtime's own answer to what runs the model; loads it when that is still to come."""
        return str(self._loaded().get_providers()[0])

    @property
    def fallback(self) -> str | None:
        """Why the CPU is used although another device was welcome, one sentence; None otherwise."""
        self._loaded()
        return self._fallback

    def load(self) -> None:
        """Read, check and prepare the model now.

        Raises:
            ModelError: the file is missing, is not the card's, is not ONNX, or breaks the contract.
        """
        self._loaded()

    def run(
        self, inputs: Mapping[str, NDArray[np.float32]], cancel: CancelToken | None = None
    ) -> Tensors:
        """Run the model once.

        Args:
            inputs: float32 tensors by the names of the contract (see ``contract.py``).
            cancel: stops the run within a few milliseconds when cancelled.

        Returns:
            Every output by name, float32.

        Raises:
            Cancelled: the token was cancelled before or during the run.
            ModelError: the model failed, or its output is not what the contract says.
        """
        if cancel is not None:
            cancel.check()
        session = self._loaded()
        check_inputs(self.model, inputs)
        try:
            return self._run(session, inputs, cancel)
        except (Cancelled, ModelError):
            raise
        except Exception as error:
            if session.get_providers()[0] == devices.CPU:
                raise self._failed(error) from error
            reason = devices.first_line(error)
            memory = OUT_OF_MEMORY.search(str(error)) is not None
        session = self._leave_device(session, reason, memory=memory)
        try:
            return self._run(session, inputs, cancel)
        except (Cancelled, ModelError):
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _run(
        self,
        session: Any,
        inputs: Mapping[str, NDArray[np.float32]],
        cancel: CancelToken | None,
    ) -> Tensors:
        """One run; errors are ONNX Runtime's own, except that a cancelled run raises Cancelled."""
        names = [output.name for output in session.get_outputs()]
        options = devices.runtime().RunOptions()
        options.log_severity_level = 4
        token = cancel or CancelToken()
        with token.watch(options), self._alone(session):
            try:
                values: Sequence[NDArray[np.float32]] = session.run(names, dict(inputs), options)
            except Exception:
                token.check()  # a terminated run looks like a failed one
                raise
        token.check()
        for name, value in zip(names, values, strict=True):
            if not np.isfinite(value).all():
                raise ModelError(
                    f"The model {self.model.card.name} gave a '{name}' with values that are no numbers; "
                    "use another model, and install this one again."
                )
        return dict(zip(names, values, strict=True))

    def _alone(self, session: Any) -> contextlib.AbstractContextManager[Any]:
        """DirectML allows one run of a session at a time; the others any number."""
        one_at_a_time = session.get_providers()[0] == devices.DIRECTML
        return self._run_lock if one_at_a_time else contextlib.nullcontext()

    def _failed(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model {self.model.card.name} could not be run ({devices.first_line(error)}); "
            "try again with less memory in use, or use another model."
        )

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                choice = devices.choose(self.device)
                session = self._create(choice.device)
                check_contract(self.model, session)
                self._session, self._fallback = session, choice.fallback
                title = devices.TITLES[choice.device]
                if devices.PROVIDERS[choice.device] not in session.get_providers():
                    self._fallback = f"ONNX Runtime refused to run this model on {title}."
            return self._session

    def _leave_device(self, failed: Any, reason: str, *, memory: bool) -> Any:
        """Continue on the CPU after an accelerator failed at work, such as without memory."""
        with self._lock:
            if self._session is failed:
                left = failed.get_providers()[0]
                title = next(
                    (
                        devices.TITLES[name]
                        for name, each in devices.PROVIDERS.items()
                        if each == left
                    ),
                    left,
                )
                self._session = self._create("cpu")
                self._fallback = (
                    f"The GPU ran out of memory ({reason}); the CPU took over."
                    if memory
                    else f"{title} failed while running ({reason}); the CPU took over."
                )
            return self._session

    def _create(self, device: devices.RealDevice) -> Any:
        content = self.model.read()
        ort = devices.runtime()
        options = ort.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        # Waiting threads that spin would take the processor from the window.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.use_deterministic_compute = True
        devices.prepare(options, device)
        try:
            return ort.InferenceSession(content, options, providers=devices.providers(device))
        except Exception as error:
            raise ModelError(
                f"The model file {self.model.path} is not a usable ONNX file "
                f"({devices.first_line(error)}); install the model {self.model.card.name} again."
            ) from error
