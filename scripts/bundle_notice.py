"""What THIRD_PARTY.md of a built program says before its tables; docs/adr/0012 gives the reasons."""

HEAD = """\
# Third-party software in this program

Revisage's own source is under the MIT licence (LICENSE). **This built program as a whole is
conveyed under the GNU General Public License, version 3 or later** (licences/GPL-3.0.txt), because
FFmpeg as it comes with `av` is linked with x264 and x265, which are under the GPL-2.0-or-later.
Each part stays under its own licence as well; the texts are in the folder `licences`. The fonts
(SIL Open Font License) and the models carry theirs beside them, in `resources/fonts` and in each
model's `card.toml`.

{offer}
{gpu}
Source code: Revisage {version} from the place that this program came from; of the packages below at
`https://pypi.org/project/NAME/VERSION`, which links to the source of the libraries inside; of
Debian packages with `apt-get source NAME=VERSION`.
"""

OFFER = """\
Offer of source: for at least three years from the day on which you got this program, {maintainer}
gives anyone who has it the complete corresponding source code of the parts under the GPL and LGPL,
for no more than the cost of sending it.
"""

NO_OFFER = """\
This build names nobody who answers for its source code. It is for use by whoever built it. To pass
it on, build it with `--maintainer "NAME <ADDRESS>"`, who then offers the source as GPL section 6
asks, or give the source with it.
"""

GPU = """\
CUDA and cuDNN of NVIDIA are in this build. Their licence is not compatible with the GPL: use it in
your lab, and pass on only builds without them (`--gpu` without the extra `cuda` installed, or the
CPU build).
"""

OPEN_QUESTION = """\
OpenCV's wheel carries a build of FFmpeg with OpenSSL 1.1.1, whose licence is not compatible with
the GPL. Revisage never calls that FFmpeg, but OpenCV does not load without it. docs/adr/0012 says
what follows.
"""
