"""Models: their cards, the zoo that holds them, ONNX Runtime, and the stages locate, map, reconstruct.

ONNX Runtime is imported by the first session, not by this room: it costs a third of a second that the
window's start does not have.
"""
