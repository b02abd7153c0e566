/** Names of PyTorch that Troodon has, but programs do not call. */

const REASONS: Readonly<Record<string, string>> = {
  "the name of another function there, or with other results: svd(), lu() and luSolve() are those of torch.linalg":
    "torch.svd Tensor.svd torch.lu Tensor.lu torch.lu_solve Tensor.lu_solve torch.cond linalg.cholesky_ex linalg.inv_ex linalg.lu_factor_ex linalg.solve_ex F.multi_head_attention_forward F.upsample_bilinear",
  "not there any more in PyTorch": "Tensor.lstsq Tensor.solve",
  "takes or gives memory of the host":
    "torch.from_numpy torch.frombuffer Tensor.numpy Tensor.storage Tensor.untyped_storage",
  "draws a constant, where PyTorch records gradients of zeros": "torch.normal torch.poisson",
  "files": "torch.load torch.save",
  "state of the process or of a block, which other statements run under":
    "torch.enable_grad torch.is_grad_enabled torch.manual_seed torch.set_default_device torch.set_grad_enabled torch.get_default_device torch.get_rng_state torch.inference_mode torch.initial_seed torch.set_rng_state",
  "takes a function": "torch.compile torch.vmap",
  "takes a dtype here": "Tensor.is_floating_point torch.is_floating_point",
  "holds modules and parameters, and calculates nothing":
    "nn.Module nn.ModuleDict nn.ModuleList nn.Parameter nn.ParameterDict nn.ParameterList nn.Buffer",
};

/** Reasons why programs do not call these names. */
export const NOT_CALLED: ReadonlyMap<string, string> = new Map(
  Object.entries(REASONS).flatMap(([reason, names]) =>
    names.split(" ").map((name) => [name, reason] as const)
  ),
);
