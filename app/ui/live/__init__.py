"""The live view: a camera, a video or a stream as it comes, with its reconstruction."""
