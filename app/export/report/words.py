"""The standing sentences of a report: what the pictures are, what they are good for, and what not."""

from __future__ import annotations

SOURCE = (
    "Cooper, E. A. and Farid, H. (2026). AI-Powered Facial Mask Removal Is Not Suitable For "
    "Identification. arXiv 2603.27747."
)

LEDE = (
    "The pictures of hidden parts of faces in this report are hypotheses. A model invented them from "
    "what it learnt about other people's faces; they do not show what is under the mask."
)

GENERATED = (
    "This file is a picture that a program made and no photo. What is made of it tells nothing of "
    "whoever is in it."
)
"""Stands beside such a piece of evidence."""

GENERATED_AMONG = "Generated pictures and no photos are among them: {0}."
"""Said in the summary, with their numbers."""

GENERATED_MARK = " (generated, no photo)"
"""Stands behind the name of such a picture wherever it is named."""

LIMITATIONS: tuple[str, ...] = (
    "Cooper and Farid (2026) studied AI mask removal and found it unsuitable for identification. "
    "Nothing in this report changes that.",
    "A hypothesis shows one face that fits the visible part. Very many others fit it as well. "
    "Several hypotheses that agree do not make any of them more likely to be true: they come from one "
    "model with one set of training photos, and can all be wrong in the same way.",
    "Sharp detail under the map is invented like everything else there. Scars, moles, facial hair, "
    "teeth and the shape of nose, mouth and chin cannot be read from it.",
    "Models repeat what their training photos show. Where a group of people was rare there, "
    "hypotheses are less apt, and their errors were not measured for every group.",
    "The uncertainty shows, as the model's card says, the error that the model expects or how much the "
    "hypotheses of one run differ. Where it is low they may still all be wrong.",
    "Outside the map, composites hold the original's pixels without any change. This is checked and can "
    "be checked again from the hashes.",
    "Faces, landmarks and automatic maps are proposals of models that the examiner accepts or corrects. "
    "Landmarks under a mask are estimates, and so is everything measured from them.",
)

GOOD_FOR: tuple[str, ...] = (
    "A lead: an idea of what to look for, to be confirmed by other evidence.",
    "A starting point for a sketch that a witness corrects.",
    "Showing how uncertain the hidden part of a face is.",
)

NOT_GOOD_FOR: tuple[str, ...] = (
    "Saying or excluding who a person is, by eye or by software.",
    "Searching a database of faces, or comparing with a photo of a suspect.",
    "Evidence of what the hidden part of a face looks like.",
)

CHECKS: tuple[str, ...] = (
    "The request, and whether the examination answers it and nothing beyond it.",
    "The items: SHA-256 of the originals received against section 2.",
    "The suitability of each face, and whether it was right to go on.",
    "The map of each run: does it cover the mask and nothing else?",
    "Whether enough hypotheses were made and shown, or the reason for fewer is sound.",
    "At least one run done again from its record, with the outcome in section 4.",
    "The wording: hypotheses throughout, no statement about who a person is.",
)
"""What the second person looks at; printed on the reviewer's page."""

ACTIONS: dict[str, str] = {
    "case.new": "Case begun",
    "case.property": "Property of the case set",
    "case.recovered": "Case opened again after an interruption",
    "case.migrate": "Case brought to a newer format",
    "evidence.add": "Photo taken in",
    "evidence.again": "Same bytes under another name",
    "faces.add": "Faces of a photo kept",
    "map.add": "Map of a photo begun",
    "map.edit": "Map edited",
    "run.add": "Reconstruction made",
    "run.failed": "Reconstruction came to nothing",
    "run.reproduce": "Reconstruction done again from its record",
    "note.add": "Note written",
    "review.add": "Review recorded",
    "export.write": "Files exported",
    "package.seal": "Package sealed",
}

TASKS: dict[str, str] = {
    "locate": "finds faces",
    "align": "places landmarks",
    "map": "draws the map",
    "reconstruct": "makes hypotheses",
}

SOURCES: dict[str, str] = {
    "automatic": "drawn by models",
    "file": "taken from a file",
    "hand": "drawn or corrected by hand",
}

FIGURES: dict[str, str] = {
    "ap": "Average precision of boxes",
    "ap50": "Average precision at half overlap",
    "ar10": "Average recall with ten boxes",
    "bare_faces": "Faces without mask",
    "bare_false_area": "Share of such a face mapped in error",
    "coverage": "Share of the truth within the stated interval",
    "error": "Landmark error, in distances between the eyes",
    "error_correlation": "Rank correlation of stated and true error, of pixels",
    "error_correlation_squares": "The same of squares of 8 pixels",
    "eye_error": "Eye error, in distances between the eyes",
    "eye_error_p90": "Eye error that nine of ten faces stay below",
    "face_found": "Share of outputs in which a face is found",
    "face_found_in_originals": "The same for the originals",
    "faces": "Faces measured on",
    "hypotheses": "Hypotheses per face",
    "identity_cosine": "Closeness of face features to the truth, 1 is equal",
    "ink_hole": "Blackness of the drawing inside the map, 0 to 1",
    "iou_mean": "Overlap of the map with the true one, mean",
    "iou_p10": "Overlap that nine of ten faces exceed",
    "l1": "Mean absolute error of the crop, 0 to 1",
    "l1_hole": "Mean absolute error inside the map, 0 to 1",
    "l1_hole_of_blank_paper": "The same for an empty drawing",
    "l2": "Mean squared error of the crop, 0 to 1",
    "milliseconds_median": "Time per face, ms, median",
    "mouth_difference": "Difference of two hypotheses' mouths, in distances between the eyes",
    "mouth_error": "Error of the mouth's place, in distances between the eyes",
    "mouth_error_further": "The same for further hypotheses",
    "photos": "Photos measured on",
    "precision_iou40": "Share of found boxes that are faces",
    "psnr_hole": "PSNR inside the map, dB",
    "psnr_hole_of_mean": "PSNR of the hypotheses' mean, dB",
    "psnr_hole_sd": "PSNR, standard deviation over faces, dB",
    "recall_iou40": "Share of faces that are found",
    "spread": "Spread of the hypotheses, 0 to 1",
    "squeeze_difference": "Distance of two hypotheses in SqueezeNet features",
    "squeeze_distance": "Distance in SqueezeNet features",
    "squeeze_distance_further": "The same for further hypotheses",
    "squeeze_frechet": "Frechet distance in SqueezeNet features",
    "squeeze_kernel": "Kernel distance in SqueezeNet features",
    "ssim_hole": "SSIM inside the map",
}
"""The figures that cards hold, for reading; one that is not listed goes by its own name."""

DATA_SETS: dict[str, str] = {"val": "validation", "test": "test", "real": "real photos"}

UNPRINTED = frozenset({"outputs", "request key", "helpers", "case id", "created utc", "value"})
"""Parameters that stand in their own place of the report, or only in its JSON."""
