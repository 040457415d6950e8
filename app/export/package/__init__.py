"""The sealed package: everything of a case that a second examiner needs, in one file to be handed on.

    sealed = seal(case, path, models=cards)    # writes it
    verify_package(path, head="")              # checks it without the case, trusting nothing in it

It is a ZIP of one BagIt bag (RFC 8493), stored without compression in a fixed order with fixed times:
the same state of a case gives the same bytes. Nothing in it is ever unpacked to a disk here.
"""

from __future__ import annotations

from app.export.package.seal import Sealed, seal
from app.export.package.verify import verify_package

__all__ = ["Sealed", "seal", "verify_package"]
