"""The truths: inputs drawn under a secret, and what PyTorch's autograd says about them.

The only importer of torch, and only inside the function that computes: with a warm cache a grading run goes without.
Hidden cases depend on the secret alone, public ones on their names alone: every release holds the same ones.
"""

from autograder.truth.autograd import Examined, compute, examine
from autograder.truth.cache import check, from_bytes, load, rebuild, stored, to_bytes
from autograder.truth.draw import draw_all, public_cases, reference_answer
from autograder.truth.public import public_truths
from autograder.truth.secret import private_folder, read_private, read_secret
from autograder.truth.variants import give_out, variants_for
