/** Signatures of what brings elements together, orders them, or counts them. */
import type { Table } from "./table.ts";

/** Names as keys, several of one signature with spaces between them. */
export const REDUCTION: Table = {
  "all any amax amin": "[*] ?dims ?b ; [*] !dim=dim keepdim=b",
  "sum nansum": "[*] ; [*] dims ?b ; [*] !dim=dims keepdim=b dtype=dtype",
  "mean nanmean": "[*]f ; [*]f dims ?b ; [*]f !dim=dims keepdim=b dtype=dtype",
  "prod": "[*] ; [*] dim ?b ; [*] !dim=dim keepdim=b",
  "aminmax": "[*] dim=dim keepdim=b",
  "argmax argmin": "[*] ?dim ?b ; [*] dim=dim keepdim=b",
  "argsort msort sort": "[*] ; [*] dim ?b ; [*] dim=dim descending=b",
  "msort": "[c,*]",
  "count_nonzero": "[*] ?dims",
  "cummax cummin cumprod cumsum": "[*] dim",
  "logcumsumexp": "[*]f dim",
  "logsumexp special.logsumexp": "[*]f dims ?b",
  "max min": "[*] ; [*] dim ?b ; [*] [~]",
  "median nanmedian": "[*] ; [*] dim ?b",
  "mode": "[*] ; [*] dim ?b",
  "kthvalue": "[*,l] i(1,l) ; [*,l] i(1,l) -1 b",
  "topk": "[*,l] i(1,l) ; [*,l] i(1,l) -1 ?b ; [*,l] i(0,l) largest=b",
  "norm": "[*]f ; [*]f n(0,3) ; [*]f i(1,3) dims ?b",
  "quantile nanquantile":
    "[n,*]f{+} {n(0,1)|[k]f{u}} ; [n,*]f n(0,1) dim ?b ; [n,*]f n(0,1) dim=dim keepdim=b interpolation=w(linear|lower|higher|midpoint|nearest)",
  "std var torch.std_mean torch.var_mean":
    "[*]f ; [*]f b ; [*]f dims ; [*]f dim=dims correction=i(0,2) keepdim=b",
  "softmax log_softmax F.softmin special.softmax special.log_softmax": "[*]f dim",
  "bincount": "[n]i(0,6) minlength=i(0,9) ; [n]i(0,6) !weights=[n]f",
  "histc": "[*]f bins=i(1,6) ; [*]f bins=i(1,6) !min=n(-4,0) !max=n(1,4)",
  "histogram": "[*]f i(1,6) density=b ; [*]f i(1,6) !range=(-2,2) weight=[=]f ; [*]f [t]f{s} density=b",
  "unique":
    "[*] ; [*] !return_inverse=true return_counts=b ; [n,c] !dim=i(0,1) return_inverse=b return_counts=b",
  "unique_consecutive": "[*] ; [*] return_inverse=b return_counts=b ; [n,c] !dim=i(0,1)",
  "cov": "[c,n]f correction=i(0,1) ; [n]f ; [c,n]f fweights=[n]i(1,3) aweights=[n]f{+}",
  "corrcoef": "[c,n]f ; [n]f",
  "diff": "[*] ; [*,l] i(0,2) ; [*,l] 1 -1 prepend=[*,k] append=[*,k]",
  "trapezoid trapz cumulative_trapezoid": "[*,l]f dx=n(0.5,2) ; [*,l]f dim=-1 ; [l]f [l]f",
  "renorm": "[c,n,*]f n(1,3) i(0,1) n(0.5,3)",
  "trace": "[m,n]",
  "cross linalg.cross": "[3,n] [3,n] 0 ; [n,3]f [n,3]f ?-1 ; [n,3] [n,3] dim=1",
  "dist": "[*]f [~]f ?n(0,3)",
  "isin": "[*] [k] invert=b ; [*] i(0,2)",
  "searchsorted": "[l]{s} [*] right=b ; [n,l]f{s} [n,k]f !side=w(left|right) out_int32=b",
  "bucketize": "[*] [l]f{s} right=b out_int32=b",
  "nonzero argwhere": "[*]",
  "torch.nonzero": "[*] ; [*] as_tuple=b",
  "nonzero_static": "[*] !size<i(0,6) fill_value=i(-1,1)",
};
