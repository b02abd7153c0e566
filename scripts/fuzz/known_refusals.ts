/** Programs that only one of the libraries refuses, with reasons. */
import { calls } from "./evidence.ts";
import { CHANGED, kind, type Known, saidOf } from "./known_kind.ts";

/** Kinds of differing refusals. */
export const REFUSALS: readonly Known[] = [
  kind(
    "not there for a dtype",
    "PyTorch has no kernel for the type, here is one (docs/dtypes.md: ops run in all types)",
    "refused there",
    {
      says:
        /not implemented for|not supported for|not supported on|Bool inputs not|supports floating point|Expected a floating point/,
    },
  ),
  kind(
    "no derivative there",
    "PyTorch has no derivative of the function, of its derivative, for that argument or for an integer result; here is one, or none is needed",
    "refused there",
    { says: /derivative for|not differentiable with respect to argument|Autograd not support dtype/ },
  ),
  CHANGED,
  kind(
    "walked twice",
    "which functions save something, and so refuse a second backward(), differs; it is an error in either",
    "refused there",
    { says: /backward through the graph a second time/ },
  ),
  kind("walked twice", "", "refused here", { says: /a second time as what it saved was freed/ }),
  kind(
    "read by the gradient",
    "here the gradient reads an operand, there a value made of it: a change before backward() is refused, and says so",
    "refused here",
    { says: /which its gradient reads, was changed by an in-place op/ },
  ),
  kind(
    "lower kinds are converted",
    "PyTorch wants equal dtypes, here a source of a lower kind or of the same is converted (docs/indexing.md)",
    "refused there",
    {
      of: /scatter|index_|put|masked_scatter|take_along_dim|set/,
      says: /dtype|scalar type|Expected a long tensor|same type/,
    },
  ),
  kind(
    "types meet",
    "PyTorch wants operands of equal dtypes, here they are promoted (docs/dtypes.md)",
    "refused there",
    {
      says:
        /expected scalar type|same dtype|Found dtype|mixed dtype|did not match|different dtypes|must have the same|Expected .* dtype/,
    },
  ),
  kind("types meet", "", "refused here", {
    of: /addr|tensordot/,
    says: /dtypes must be equal, and not bool/,
  }),
  kind("types meet", "", "refused here", { of: /ctc_loss/, says: /the targets must be integers/ }),
  kind(
    "types of one kind into each other",
    "results of a dtype of the same kind are written in place (docs/views.md)",
    "refused there",
    { of: /float_power_/, says: /requires dtype Double/ },
  ),
  kind(
    "types that PyTorch leaves out",
    "bool in searches, int32 as positions, dropout of integers: taken here",
    "refused there",
    {
      says:
        /Unsupported input type|only applicable to index tensor|expected target dtype|can't be cast to the desired output|Type promoting not supported|does not support bool|bool is not supported|bool dtypes|elements in indices should be|Expected a long tensor/,
    },
  ),
  kind("differences of bool", "neg() and sub() of bool are calculated; PyTorch refuses", "refused there", {
    says: /bool tensors? is not supported/,
  }),
  kind(
    "several elements share one place",
    "writing to an expanded tensor is refused (docs/views.md); PyTorch does for positions, and warns",
    "refused here",
    { says: /several elements share one place/ },
  ),
  kind(
    "one number for all",
    "a number may be written to all of an expanded tensor, whose elements stay the same; PyTorch refuses",
    "refused there",
    { says: /more than one element of the written-to tensor/ },
  ),
  kind(
    "numbers that do not fit",
    "negative numbers and others out of range are errors for integers (docs/dtypes.md); PyTorch wraps them",
    "refused here",
    { says: /elements of \w+ must be from/ },
  ),
  kind("numbers that do not fit", "", "refused there", {
    says: /out of bounds for|without overflow|inconsistent with step sign/,
  }),
  kind(
    "linear algebra of float32 and float64",
    "decompositions are of float32 and float64 (linalg/mod.ts); PyTorch takes others where a matrix is small or empty",
    "refused here",
    { says: /dtype must be float32 or float64|log-probabilities must be float32/ },
  ),
  kind("detach_() of a view", "a view can be detached in place; PyTorch refuses", "refused there", {
    of: /detach_$/,
    says: /Can't detach views in-place/,
  }),
  kind(
    "nothing along an axis",
    "pools, convolutions and norms of tensors without channels or elements: PyTorch refuses some of them",
    "refused there",
    {
      says:
        /non-zero size|at least \d+ at dimension 0|must be > 0|optional 0 dim batch size|out of range for tensor of size \[0\]|non-zero dimensions for input|non-empty|optional 0-dim batch/,
    },
  ),
  kind("nothing along an axis", "", "refused here", {
    says:
      /none of them empty|more than one value for each channel|must be an element to take|a window must fit|result must have elements|behind the channels, and there must be|numGroups is 0|shapes must be \[n, c.*[[ ]0[,\]]|integers in \[0, 0\)/,
  }),
  kind(
    "views of several",
    "PyTorch refuses when one of the views of unbind() and the like is read after a change of the base; here it shows what is there now (docs/views.md)",
    "refused here",
    { says: /one of several views that one call gave/ },
  ),
  kind(
    "what PyTorch warns of",
    "losses of shapes that broadcast, dropout2d() of more axes, t() of more than two: PyTorch warns that these may be mistakes or will go; here they are refused",
    "refused here",
    { says: /must have one shape|\d axes must follow the channels|there must be at most 2 axes/ },
  ),
  kind(
    "shapes that broadcast",
    "a bias of one element in bilinear() broadcasts; PyTorch refuses that without axes",
    "refused there",
    { of: /bilinear/, says: /tensor has no dimensions/ },
  ),
  kind(
    "asStridedScatter() within the tensor",
    "places are those of the tensor itself; PyTorch reads those of the memory behind a view",
    "refused here",
    { of: /as_strided_scatter/, says: /places must be from/ },
  ),
  kind(
    "failures within PyTorch",
    "its libraries or its own kernels fail: oneDNN and MKL of odd sizes, kron() of transposed halves, rrelu_() outside training, index_reduce_() of nothing, cov() of one observation, which writes to its operand",
    "refused there",
    {
      says:
        /primitive descriptor|MKL FFT error|view size is not compatible|non-singleton dimension|step must be nonzero|ZeroTensors are immutable|Expected a proper Tensor but got None|INTERNAL ASSERT FAILED/,
    },
  ),
  kind("failures within PyTorch", "", "refused there", {
    of: /cov$/,
    says: /leaf Variable that requires grad is being used in an in-place operation/,
  }),
  {
    kind: "failures within PyTorch",
    reason: "",
    // The write is visible in the final state, or to a gradient that reads the tensor.
    is: (d, { program }) =>
      calls(program, /\.(cov|corrcoef)$/) &&
      (d.of.startsWith("end of") || d.aspect === "refused there" && /in-?place operation/.test(saidOf(d))),
  },
];
