"""Training, evaluation and export of the models in ``model_zoo``.

Needs torch; the application does not.
"""

import app as app  # first of all: it keeps ONNX Runtime from calling home
