/** Signatures of indexing, in-place writes and random functions. */
import type { Table } from "./table.ts";

/** Signatures by name; names that share a signature are separated by spaces. */
export const INDEXING: Table = {
  "gather": "[l,n] 0 [m,n]L(0,l-1) ; [n,l] -1 [n,c]L(0,l-1) ; [l] 0 [m]L(0,l-1)",
  "take_along_dim": "[l,n] [m,n]L(0,l-1) 0 ; [n,l] [n,c]L(-l,l-1) 1 ; [l] [m]L(0,l-1)",
  "take": "[l,n] [*]L(0,l-1)",
  "index_select": "[l,*] 0 [m]L(0,l-1) ; [n,l] -1 [m]L(0,l-1)",
  "index_add": "[l,n] 0 [m]L(0,l-1) [m,n]s alpha=i(-2,2) ; [n,l] 1 [m]L(0,l-1) [n,m]s",
  "index_copy": "[l,n] 0 [2]L(0,l-1) [2,n]s ; [n,l] -1 [1]L(0,l-1) [n,1]s",
  "index_fill": "[l,n] 0 [m]L(0,l-1) n(-2,2) ; [n,l] -1 [m]L(0,l-1) i(-2,2)",
  "index_reduce": "[l,n]f 0 [m]L(0,l-1) [m,n]s w(prod|mean|amax|amin) include_self=b",
  "index_put":
    "[l,n] ([m]L(0,l-1)) [m,n]s accumulate=b ; [l,t] ([m]L(-l,l-1),[m]L(0,t-1)) [m]s ; [l] ([m]L(0,l-1)) []s accumulate=b",
  "masked_select": "[*] [~]b",
  "masked_scatter": "[m,n] [m,n]b [m,n]s ; [m,n] [n]b [m,n]s",
  "scatter":
    "[l,n] 0 [1,n]L(0,l-1) [1,n]s ; [l,n] 0 [1,n]L(0,l-1) n(-2,2) ; [n,l]{-} 1 [n,k]L(0,l-1) [n,k]s{-} !reduce=w(add|multiply)",
  "scatter_add": "[l,n] 0 [k,n]L(0,l-1) [k,n]s ; [n,l] -1 [n,k]L(0,l-1) [n,k]s",
  "scatter_reduce": "[l,n] 0 [k,n]L(0,l-1) [k,n]s w(sum|prod|mean|amax|amin) include_self=b",
  "put": "[l,n] [k]L(0,l-1) [k]s ; [l,n] [k]L(-l,l-1) [k]s accumulate=b",
  "copy_": "[*] [~] ; [*] [~]a",
  "fill_": "[*] n(-2,2) ; [*] []",
  "zero_": "[*]",
  "detach_": "@copy [*]",
  "requires_grad_": "[*]f ?b",
  "retain_grad": "@plain [*]f",
  "backward": "@plain []f",
  "register_hook": "@loose @plain [*]f{w} fn(double)",
  "register_post_accumulate_grad_hook": "@loose @plain [*]f{w} fn(nothing)",
  "normal_": "@loose [*]f ?n(-1,1)",
  "uniform_": "@loose [*]f ; [*]f n(-1,0) n(1,2)",
  "exponential_": "@loose [*]f ?n(0.5,2)",
  "cauchy_ log_normal_": "@loose [*]f",
  "geometric_": "@loose [*]f n(0.25,0.75)",
  "bernoulli_": "@loose [*]f n(0,1) ; [*]f",
  "Tensor.bernoulli torch.bernoulli": "@loose [*]f{u-}",
  "multinomial":
    "@loose [n?,l]f{+} i(1,3) ; [l]f{+} 5 replacement>true ; [l]f{+} !num_samples<5 !replacement=true",
};
