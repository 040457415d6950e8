"""Training, evaluation and export of the models in ``model_zoo``.

Needs torch; the application does not.
"""
