/** Signatures of reductions, sorting and counting. */
import type { Table } from "./table.ts";

/** Signatures by name; names that share a signature are separated by spaces. */
export const REDUCTION: Table = {
  "all any": "[*]f ?dims ?b ; [*]b !dim=dim keepdim=b",
  "amax amin": "[*] ?dims ?b ; [*] !dim=dim keepdim=b",
  "sum nansum": "[*] ; [*] dims ?b ; [*] !dim=dims keepdim=b dtype=dtype",
  "mean nanmean": "[*]f ; [*]f dims ?b ; [*]f !dim=dims keepdim=b dtype=dtype",
  "prod": "[*] ; [*] dim ?b ; [*] !dim=dim keepdim=b",
  "aminmax": "[*] dim=dim keepdim=b",
  "argmax argmin": "[*]n ?dim ?b ; [*]n dim=dim keepdim=b",
  "argsort msort sort": "[*] ; [*] dim ?b ; [*] dim=dim descending=b",
  "msort": "[c,*]",
  "count_nonzero": "[*] ?dims",
  "cummax cummin cumprod cumsum": "[*] dim",
  "cumprod_ cumsum_": "[*]n dim",
  "logcumsumexp": "[*]f dim",
  "logsumexp special.logsumexp": "[*]f dims ?b",
  "max min": "[*] ; [*] dim ?b ; [*] [~]",
  "median nanmedian": "[*]n ; [*]n dim ?b",
  "mode": "[*] ; [*] dim ?b",
  "kthvalue": "[*,l]f i(1,l) ; [*,l]f i(1,l) -1 b",
  "topk": "[*,l]f i(1,l) ; [*,l]f i(1,l) -1 ?b ; [*,l]f i(0,l) largest=b",
  "norm": "[*]f ; [*]f n(0,3) ; [*]f i(1,3) dims ?b",
  "quantile nanquantile":
    "[n,*]F{+} {n(0,1)|[k]s{u-}} ; [n,*]F n(0,1) dim ?b ; [n,*]F n(0,1) dim=dim keepdim=b interpolation=w(linear|lower|higher|midpoint|nearest)",
  "std var torch.std_mean torch.var_mean":
    "[*]f ; [*]f b ; [*]f dims ; [*]f dim=dims correction=i(0,2) keepdim=b",
  "softmax log_softmax F.softmin special.softmax special.log_softmax": "[*]f dim",
  "bincount": "[n]i(0,6) minlength=i(0,9) ; [n]i(0,6) !weights=[n]F{-}",
  "histc": "[*]F{-} bins=i(1,6) ; [*]F{-} bins=i(1,6) !min=n(-4,0) !max=n(1,4)",
  "histogram":
    "[*]F{-} i(1,6) density=b ; [*]F{-} i(1,6) !range=(-2,2) weight=[=]s{-} ; [*]F{-} [t]s{s-} density=b",
  "unique":
    "[*]{-} ; [*]{-} !return_inverse=true !return_counts=true ; [n,c]{-} !dim=i(0,1) !return_inverse=true !return_counts=true",
  "unique_consecutive": "[*]{-} ; [*]{-} !return_inverse=true !return_counts=true ; [n,c]{-} !dim=i(0,1)",
  "cov": "[c,l]f correction=i(0,1) ; [l]f ; [c,l]f fweights=[l]i(1,3) aweights=[l]f{+}",
  "corrcoef": "[c,l]f ; [l]f",
  "diff": "[*] ; [*,l] i(0,2) ; [*,l] 1 -1 prepend=[*,k]s append=[*,k]s",
  "trapezoid trapz cumulative_trapezoid": "[*,l]f x~null dx=n(0.5,2) ; [*,l]f x~null dim=-1 ; [l]f [l]s",
  "renorm": "[c,n,*]f n(1,3) i(0,1) n(0.5,3)",
  "trace": "[m,n]n",
  "linalg.cross": "[n,3] [n,3]s ; [3,n] [3,n]s !dim<0",
  "cross": "[3,n] [3,n]s 0 ; [n,3]f [n,3]s ?-1 ; [n,3] [n,3]s dim<1",
  "dist": "[*]f [~]s ?n(0,3)",
  "isin": "[*]n [k]s invert=b ; [*]n i(0,2)",
  "searchsorted": "[l]n{s} [*]s right=b ; [n,l]f{s} [n,k]s !side=w(left|right) out_int32=b",
  "bucketize": "[*]f [l]s{s} right=b out_int32=b",
  "nonzero argwhere": "[*]",
  "torch.nonzero": "[*] ; [*] as_tuple=b",
  "nonzero_static": "[*] !size<i(0,6) fill_value=i(-1,1)",
};
