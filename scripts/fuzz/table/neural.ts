/** Signatures of neural network functions. */
import type { Table } from "./table.ts";

const POOL = "stride=i(1,3) padding=i(0,1) ceil_mode=b";
const UP = "recompute_scale_factor=b";

/** Signatures by name; names that share a signature are separated by spaces. */
export const NEURAL: Table = {
  "F.linear": "[..,k]f [n,k]f ?[n]f",
  "bilinear F.bilinear": "[n,m]f [n,c]s [o,m,c]s ?[o]f",
  "conv1d F.conv1d":
    "[n?,c*g,l]f [o*g,c,k]f ?bias:[o*g]f stride=i(1,2) padding={i(0,1)|w(valid)} dilation=i(1,2) !groups=$g ; [n?,c,l]f [o,c,k]f !padding=w(same) !bias<null",
  "conv2d F.conv2d":
    "[n?,c*g,h,w]f [o*g,c,k1,k2]f ?bias:[o*g]f stride={i(1,2)|(1,2)} padding={i(0,1)|(1,0)} dilation=i(1,2) !groups=$g ; [n?,c,h,w]f [o,c,k1,k2]f !bias<null !padding=w(same|valid)",
  "conv3d F.conv3d":
    "[n,c*g,t,3,3]f [o*g,c,k1,k2,1]f ?bias:[o*g]f stride={i(1,2)|(1,2,1)} padding=i(0,1) !groups=$g",
  "conv_transpose1d F.conv_transpose1d":
    "[n?,c*g,l]f [c*g,o,k]f ?bias:[o*g]f !groups=$g padding=i(0,1) dilation=i(1,2) ; [n,c,l]f [c,o,k]f !bias<null !stride=2 output_padding=i(0,1)",
  "conv_transpose2d F.conv_transpose2d":
    "[n?,c*g,3,w]f [c*g,o,k1,k2]f ?bias:[o*g]f !groups=$g padding=i(0,1) dilation=i(1,2) ; [n,c,3,3]f [c,o,k1,k2]f !bias<null !stride=2 output_padding=i(0,1)",
  "conv_transpose3d F.conv_transpose3d":
    "[n,c*g,2,3,2]f [c*g,o,2,k2,1]f ?bias:[o*g]f !groups=$g padding={0|(1,1,0)} ; [n,c,2,2,2]f [c,o,2,1,2]f !bias<null !stride=2 output_padding=i(0,1)",
  "avg_pool1d F.avg_pool1d": `[n?,c,l]f i(1,3) ${POOL} count_include_pad=b`,
  "F.avg_pool2d": `[n?,c,h,w]f {i(1,3)|(2,3)} ${POOL} count_include_pad=b divisor_override=i(1,3)`,
  "F.avg_pool3d": `[n?,c,t,3,3]F {i(1,3)|(1,2,3)} ${POOL} count_include_pad=b`,
  "F.max_pool1d F.max_pool1d_with_indices": `[n?,c,l]f i(1,3) ${POOL} dilation=i(1,2)`,
  "F.max_pool2d F.max_pool2d_with_indices": `[n?,c,h,w]f {i(1,3)|(2,3)} ${POOL} dilation=i(1,2)`,
  "F.max_pool3d F.max_pool3d_with_indices": `[n?,c,t,3,3]f {i(1,3)|(1,2,3)} ${POOL}`,
  "F.lp_pool1d": "[n?,c,l]f i(1,3) i(1,3) stride=i(1,2) ceil_mode=b",
  "F.lp_pool2d": "[n?,c,h,w]f i(1,3) {i(1,3)|(2,1)} stride=i(1,2) ceil_mode=b",
  "F.lp_pool3d": "[n?,c,t,3,3]F i(1,3) i(1,3) stride=i(1,2) ceil_mode=b",
  "adaptive_avg_pool1d F.adaptive_avg_pool1d F.adaptive_max_pool1d F.adaptive_max_pool1d_with_indices":
    "[n?,c,l]f i(1,5)",
  "F.adaptive_avg_pool2d F.adaptive_max_pool2d F.adaptive_max_pool2d_with_indices":
    "[n?,c,h,w]f {i(1,5)|(2,3)|(null,2)}",
  "F.adaptive_avg_pool3d F.adaptive_max_pool3d F.adaptive_max_pool3d_with_indices":
    "[n?,c,t,3,3]f {i(1,3)|(2,3,1)|(null,2,2)}",
  "F.max_unpool1d": "[n,c,3]f [n,c,3]L(0,5) 2 stride=2",
  "F.max_unpool2d": "[n,c,2,2]f [n,c,2,2]L(0,15) 2",
  "F.max_unpool3d": "[n,c,2,2,1]f [n,c,2,2,1]L(0,31) 2",
  "F.batch_norm":
    "[n,c,*]f [c]f{-} [c]f{+-} weight<[c]f bias<[c]f !training=false eps=n(0.25,1) ; [2,c,l]f null null weight<[c]f bias<[c]f !training=true",
  "F.instance_norm": "[n,c,l]f ; [n,c,h,w]f !weight<[c]f !bias<[c]f eps=n(0.25,1)",
  "F.group_norm": "[n,c*2,*]f 2 ?[c*2]f ?[c*2]f eps=n(0.25,1)",
  "F.layer_norm": "[..,n]f ($n) ?[n]f ?[n]f eps=n(0.25,1) ; [c,m,n]f ($m,$n)",
  "F.rms_norm": "[..,n]f ($n) ?[n]f eps=n(0.25,1) ; [c,m,n]f ($m,$n)",
  "F.local_response_norm": "[n,c,*]F i(1,3) alpha=n(0.25,1) beta=n(0.25,1) k=n(1,2)",
  "F.normalize": "[m,n,*]f ; [m,n]f !p=i(1,3) dim=i(0,1) eps=n(0.25,0.5)",
  "cosine_similarity F.cosine_similarity": "[m,n]f [~]f ; [*]f [=]f dim=dim eps=n(0.25,0.5)",
  "pairwise_distance F.pairwise_distance": "[m,n]f [m,n]f p=i(1,3) keepdim=b ; [n]f [n]f",
  "F.softmax F.log_softmax": "[*]f dim",
  "F.gumbel_softmax": "@loose [m,n]f tau=n(0.5,2) hard=b dim=i(0,1)",
  "F.dropout F.alpha_dropout F.feature_alpha_dropout": "@loose [m,n,*]f !p=0.5 !training=true",
  "F.dropout1d": "@loose [n,c,l]f !p=0.5 !training=true",
  "F.dropout2d": "@loose [n,c,h,w]f !p=0.5 !training=true",
  "F.dropout3d": "@loose [n,c,t,2,2]f !p=0.5 !training=true",
  "F.embedding":
    "[*]L(0,3) [4,n]f padding_idx=i(0,3) scale_grad_by_freq=b ; [*]L(0,3) [4,n]f !max_norm=n(1,3)",
  "F.embedding_bag":
    "[m,n]L(0,3) [4,c]f mode=w(sum|mean|max) ; [6]L(0,3) [4,c]f (0,2,3) mode=w(sum|mean) ; [m,n]L(0,3) [4,c]f !mode=w(sum) !per_sample_weights=[m,n]f padding_idx=i(0,3)",
  "F.one_hot": "[*]L(0,3) ?i(4,6)",
  "F.affine_grid": "[n,2,3]f ($n,2,3,2) !align_corners=b ; [n,3,4]f ($n,1,2,2,2) !align_corners=b",
  "F.grid_sample":
    "[n,c,h,w]f [n,2,3,2]f{1} mode=w(bilinear|nearest|bicubic) padding_mode=w(zeros|border|reflection) !align_corners=b ; [n,c,2,3,2]f [n,1,2,2,3]f{1} padding_mode=w(zeros|border) !align_corners=b",
  "F.interpolate":
    `[n,c,h,w]f !size={(4,5)|3} mode=w(nearest|bilinear|bicubic|area|nearest-exact) ; [n,c,l]f !scale_factor={2|1.5} mode=w(linear|nearest) ; [n,c,h,w]f !scale_factor={0.5|2} !mode=w(bilinear|bicubic) align_corners=b ${UP} ; [n,c,h,w]F !size=(2,3) !mode=w(bilinear|bicubic) !antialias=true ; [n,c,2,3,2]f !size=(3,2,4) !mode=w(trilinear|nearest)`,
  "F.upsample": "[n,c,h,w]f !size=(4,5) mode=w(nearest|bilinear) ; [n,c,h,w]f !scale_factor=2",
  "F.upsample_nearest": "[n,c,h,w]f !size=(4,5) ; [n,c,h,w]f !scale_factor=2",
  "F.fold": "[n?,c*4,4]f (3,3) (2,2) ; [n,c*4,4]f (4,4) 2 !stride=2",
  "F.unfold": "[n?,c,h,w]f {2|(1,2)} dilation=i(1,2) padding=i(0,1) stride=i(1,2)",
  "F.scaled_dot_product_attention":
    "@once [..,m,k]f [..,n,k]f [..,n,o]f ; [..,m,k]f [..,n,k]f [..,n,k]f attn_mask={[m,n]f|[m,n]b} scale=n(0.25,1) ; [..,m,k]f [..,m,k]f [..,m,k]f !is_causal=true ; [n,4,m,k]f [n,2,t,k]f [n,2,t,k]f !enable_gqa=true",
};
