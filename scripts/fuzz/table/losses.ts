/** Signatures of losses, as functions and as modules. */
import type { Table } from "./table.ts";

const R = "reduction=w(none|mean|sum)";

/** Signatures by name; names that share a signature are separated by spaces. */
export const LOSSES: Table = {
  "F.l1_loss F.mse_loss": `[*]f [=]s ${R}`,
  "F.huber_loss": `[*]f [=]s delta=n(0.5,2) ${R}`,
  "F.smooth_l1_loss": `[*]f [=]s beta=n(0.25,2) ${R}`,
  "F.soft_margin_loss": `[*]f [=]s{-} ${R}`,
  "F.binary_cross_entropy": `[*]f{u} [=]s{u-} weight=[=]s{+-} ${R}`,
  "F.binary_cross_entropy_with_logits": `[*,n]f [=]s{u-} weight=[=]s{+-} pos_weight=[n]f{+-} ${R}`,
  "F.cross_entropy":
    `[m,n]f [m]L(0,n-1) weight=[n]f{+-} ignore_index=i(0,1) label_smoothing=n(0,0.75) ${R} ; [m,n]f [m,n]f{u-} ${R} ; [m,n,l]f [m,l]L(0,n-1) ${R} ; [n]f []L(0,n-1)`,
  "F.nll_loss": `[m,n]f [m]L(0,n-1) weight=[n]f{+-} ignore_index=i(0,1) ${R} ; [m,n,l]f [m,l]L(0,n-1) ${R}`,
  "F.kl_div": "[m,n]f [=]s{u-} reduction=w(none|mean|sum|batchmean) log_target=b",
  "F.poisson_nll_loss": `[*]f [=]f{+} log_input=b full=b eps=n(0.25,0.5) ${R} ; [*]f [=]f{+}`,
  "F.gaussian_nll_loss": `[m,n]f [m,n]f {[m,n]f{+}|[m,1]f{+}} full=b ${R}`,
  "F.hinge_embedding_loss": `[*]f [=]s{-} margin=n(0.5,2) ${R}`,
  "F.margin_ranking_loss": `[n]f [n]f [n]f margin=n(0,1) ${R}`,
  "F.cosine_embedding_loss": `[m,n]f [m,n]f [m]i(1,1) margin=n(0,0.5) ${R} ; [m,n]f [m,n]f [m]i(-1,-1) ${R}`,
  "F.triplet_margin_loss": `[m,n]f [m,n]f [m,n]f margin=n(0.5,2) p=i(1,3) swap=b ${R}`,
  "F.triplet_margin_with_distance_loss":
    `[m,n]f [m,n]f [m,n]f margin=n(0.5,2) swap=b ${R} ; [m,n]f [m,n]f [m,n]f !distance_function=fn(distance)`,
  "F.multi_margin_loss": `@once [m,n]F [m]L(0,n-1) p=i(1,2) margin=n(0.5,2) weight=[n]s{+-} ${R}`,
  "F.multilabel_margin_loss": `@once [m,l]F [m,l]L(-1,l-1) ${R}`,
  "F.multilabel_soft_margin_loss": `[m,n]f [m,n]f{u-} weight=[n]f{+-} ${R}`,
  "F.ctc_loss": `@once [4,n,4]F{l} [n,2]L(1,3) {[n]L(4,4)|[n]L(3,4)} [n]L(1,2) blank=0 zero_infinity=b ${R}`,
};

/** Signatures of constructors and, after `->`, calls. */
export const LOSS_LAYERS: Table = {
  "nn.SoftMarginLoss": `${R} -> [*]f [=]s{-}`,
  "nn.L1Loss nn.MSELoss": `${R} -> [*]f [=]s`,
  "nn.HuberLoss": `delta=n(0.5,2) ${R} -> [*]f [=]s`,
  "nn.SmoothL1Loss": `beta=n(0.25,2) ${R} -> [*]f [=]s`,
  "nn.BCELoss": `${R} -> [*]f{u} [=]s{u-}`,
  "nn.BCEWithLogitsLoss": `${R} pos_weight=[n]f{+-} -> [m,n]f [=]s{u-}`,
  "nn.CrossEntropyLoss":
    `weight=[n]f{+-} ignore_index=i(0,1) label_smoothing=n(0,0.75) ${R} -> [m,n]f [m]L(0,n-1)`,
  "nn.NLLLoss": `weight=[n]f{+-} ignore_index=i(0,1) ${R} -> [m,n]f [m]L(0,n-1)`,
  "nn.KLDivLoss": "reduction=w(none|mean|sum|batchmean) log_target=b -> [m,n]f [=]s{u-}",
  "nn.PoissonNLLLoss": `log_input=b full=b ${R} -> [*]f{+} [=]f{+}`,
  "nn.GaussianNLLLoss": `full=b ${R} -> [m,n]f [m,n]f [m,n]f{+}`,
  "nn.HingeEmbeddingLoss": `margin=n(0.5,2) ${R} -> [*]f [=]s{-}`,
  "nn.MarginRankingLoss": `margin=n(0,1) ${R} -> [n]f [n]f [n]f`,
  "nn.CosineEmbeddingLoss": `margin=n(0,0.5) ${R} -> [m,n]f [m,n]f [m]i(1,1)`,
  "nn.TripletMarginLoss": `margin=n(0.5,2) p=i(1,3) swap=b ${R} -> [m,n]f [m,n]f [m,n]f`,
  "nn.TripletMarginWithDistanceLoss": `margin=n(0.5,2) swap=b ${R} -> [m,n]f [m,n]f [m,n]f`,
  "nn.MultiMarginLoss": `@once p=i(1,2) margin=n(0.5,2) ${R} -> [m,n]F [m]L(0,n-1)`,
  "nn.MultiLabelMarginLoss": `@once ${R} -> [m,l]F [m,l]L(-1,l-1)`,
  "nn.MultiLabelSoftMarginLoss": `weight=[n]f{+-} ${R} -> [m,n]f [m,n]f{u-}`,
  "nn.CTCLoss": `@once zero_infinity=b ${R} -> [4,n,4]F{l} [n,2]L(1,3) [n]L(4,4) [n]L(1,2)`,
};
