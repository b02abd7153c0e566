/** Why names of PyTorch are not there. */

/** A reason in short words, and the names that it holds for, whatever module they are of. */
type Reason = readonly [reason: string, names: RegExp];

/** The first that fits holds. */
export const REASONS: readonly Reason[] = [
  ["quantization", /quant|^q_|^qscheme|^int_repr|scaled_mm|scaled_grouped_mm/],
  [
    "sparse tensors",
    /sparse|Sparse|^(ccol|crow|col|row)_indices|^indices(_copy)?$|^values(_copy)?$|coalesce|dense_dim|^to_dense$|^s?smm$|^hspmm$|^sspaddmm$/,
  ],
  [
    "complex tensors: `fft` has them as two tensors of parts",
    /complex|conj|^real$|^imag$|^angle$|^polar$|^view_as_(real|complex)|^c(double|float|half)$|^chalf$|^m?H$|^adjoint$|^is_(neg|conj)$|^resolve_|stft$|^i?hfft[2n]?$|^eig(vals)?$|^geqrf$|^symeig$/,
  ],
  [
    "other devices: there are cpu, webgpu and reference",
    /cuda|^ipu$|^xpu$|^mtia$|^maia$|is_(ipu|maia|mps|mtia|mkldnn|vulkan|xla|xpu|cpu|meta)$|mkldnn|pin(ned|_memory)|record_stream|get_device_module|^DataParallel$|convert_conv.d_weight_memory_format|^module_load$/,
  ],
  ["several processes: workers get messages", /distributed|^share_memory_$|^is_shared$|^SyncBatchNorm$/],
  ["shapes that are known later: sizes are given", /^Lazy|^Uninitialized/],
  [
    "deprecated or without a use in PyTorch itself",
    /^Container$|^NLLLoss2d$|^CrossMapLRN2d$|^Variable$|^variable$|^NestedIOFunction$|^range$|^volatile$|^reinforce$|^storage_type$|^triangular_solve$|^RNN(Cell)?Base$|^new$|^set_default_tensor_type$|^PackedSequence_$|^conv_tbc$|^resize(_as)?$|^Linear\w+Options$/,
  ],
  [
    "PyTorch's compiler and scripts",
    /^sym_|^compile|^fork$|^wait$|^import_ir|^parse_|^typename$|^unify_type_list$|^while_loop$|^cond$|^merge_type|^functionalize$|^debug_unwrap$|^hash_tensor$|^kineto|^linearize$|^rearrange$|^functional_datapipe$|^enforce_grad/,
  ],
  ["copies of views: clone() of the view", /_copy$/],
  [
    "settings of PyTorch's engine",
    /^(set|get|is|are|use)_.*(deterministic|threads?|warn|precision|denormal|printoptions|multithreading|view_replay|inference|default_dtype)|^init_num_threads$|^thread_safe_generator$|^grad_dtype$/,
  ],
  [
    "pipes of data: datasets and samplers",
    /DataPipe|DataChunk|datapipe|non_deterministic|_validation(_disabled)?$/,
  ],
  [
    "memory laid out by hand",
    /^(set_|resize_|resize_as_|data_ptr|const_data_ptr|is_set_to|empty_strided|empty_permuted|new_empty_strided|dim_order|layout|as_subclass|apply_|map_|map2_|from_dlpack|to_dlpack|from_file|is_storage|itemsize|get_device|slice_inverse|is_same_size)$/,
  ],
  ["nested tensors and names of axes", /nested|^to_padded_tensor$|^name$/],
  ["dtypes of other widths", /^(short|char|can_cast|result_type|finfo|iinfo)$/],
  [
    "special functions that networks have no use for",
    /bessel|polynomial|airy_ai|^zeta$|^erfcx$|^ndtri?$|^log_ndtr$|^igammac?_?$|^gammaincc?$/,
  ],
  [
    "decompositions that are rarely called",
    /householder|^ldl_|^lobpcg$|_lowrank$|^orgqr$|^ormqr$|^lu_unpack$|^tensor(inv|solve)$/,
  ],
  [
    "Pillow's images: `Image` is read and written by its own functions",
    /PIL|^to_pil_image$|^InterpolationMode$/,
  ],
  ["helpers of PyTorch's own code", /^bind$|^invert_permutation$|^skip_init$|^is_tensor$|^Uninit/],
];

/** The reason for all others. */
export const NOT_YET = "not done so far";

/** Why `name` is not there. */
export function reasonOf(name: string): string {
  return REASONS.find(([, names]) => names.test(name))?.[0] ?? NOT_YET;
}
