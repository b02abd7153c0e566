/** Signatures of modules: constructors and, after `->`, calls. */
import type { Table } from "./table.ts";

const POOL = "stride=i(1,2) padding=i(0,1) ceil_mode=b";
const RECURRENT = "num_layers=i(1,2) bias=b batch_first=b bidirectional=b";
const NORM = "eps=n(0.25,1)";
const CODER = "norm_first=b activation=w(relu|gelu) !dropout=0";

/** Signatures by name; names that share a signature are separated by spaces. */
export const LAYERS: Table = {
  "nn.ReLU nn.ReLU6 nn.SELU nn.SiLU nn.Sigmoid nn.Softsign nn.Tanh nn.Tanhshrink nn.Hardswish nn.LogSigmoid nn.Mish nn.Identity":
    " -> [*]f",
  "nn.Hardsigmoid": "@once  -> [*]f",
  "nn.CELU nn.ELU": "?n(0.25,2) -> [*]f",
  "nn.GELU": "approximate=w(none|tanh) -> [*]f",
  "nn.GLU": "?-1 -> [*,c*2]f",
  "nn.Hardshrink nn.Softshrink": "?n(0,2) -> [*]f",
  "nn.LeakyReLU": "?n(0.25,1) -> [*]f",
  "nn.Hardtanh": "?n(-2,-0.25) ?n(0.25,2) -> [*]f",
  "nn.Softplus": "?n(0.5,2) ?n(1,20) -> [*]f",
  "nn.Threshold": "n(-1,1) n(-2,2) -> [*]f",
  "nn.PReLU": "num_parameters=$c init=n(0.25,1) -> [n,c,*]f",
  "nn.RReLU": "@eval ?n(0,0.25) ?n(0.25,0.5) -> [*]f",
  "nn.Softmax nn.LogSoftmax nn.Softmin": "i(-1,0) -> [m,*]f",
  "nn.Softmax2d": " -> [n?,c,h,w]f",
  "nn.Dropout nn.AlphaDropout nn.FeatureAlphaDropout": "@loose ?0.5 -> [m,n]f",
  "nn.Dropout1d": "@loose ?0.5 -> [n,c,l]f",
  "nn.Dropout2d": "@loose ?0.5 -> [n,c,h,w]f",
  "nn.Dropout3d": "@loose ?0.5 -> [n,c,t,2,2]f",
  "nn.Linear": "$k $n bias=b -> [..,k]f",
  "nn.Bilinear": "$m $c $o bias=b -> [n,m]f [n,c]f",
  "nn.Conv1d":
    "$c*g $o*g $k stride=i(1,2) padding={i(0,1)|w(same)} dilation=i(1,2) !groups=$g bias=b padding_mode=w(zeros|reflect|replicate|circular) -> [n?,c*g,l]f",
  "nn.Conv2d":
    "$c*g $o*g {$k|(2,1)} stride={i(1,2)|(2,1)} padding={i(0,1)|(1,0)} dilation=i(1,2) !groups=$g bias=b padding_mode=w(zeros|reflect|replicate|circular) -> [n?,c*g,h,w]f",
  "nn.Conv3d": "$c*g $o*g {2|(2,1,1)} stride=i(1,2) padding=i(0,1) !groups=$g bias=b -> [n,c*g,t,3,3]f",
  "nn.ConvTranspose1d":
    "$c*g $o*g $k !stride=2 padding=i(0,1) output_padding=i(0,1) !groups=$g bias=b -> [n?,c*g,l]f",
  "nn.ConvTranspose2d":
    "$c*g $o*g $k !stride=2 padding=i(0,1) output_padding=i(0,1) !groups=$g bias=b -> [n?,c*g,3,2]f",
  "nn.ConvTranspose3d": "$c*g $o*g 2 !stride=2 padding=i(0,1) !groups=$g bias=b -> [n,c*g,2,2,3]f",
  "nn.AvgPool1d": `i(1,3) ${POOL} count_include_pad=b -> [n?,c,l]f`,
  "nn.AvgPool2d": `{i(1,3)|(2,3)} ${POOL} count_include_pad=b divisor_override=i(1,3) -> [n?,c,h,w]f`,
  "nn.AvgPool3d": `i(1,3) ${POOL} count_include_pad=b -> [n?,c,t,3,3]F`,
  "nn.MaxPool1d": `i(1,3) ${POOL} dilation=i(1,2) -> [n?,c,l]f`,
  "nn.MaxPool2d": `{i(1,3)|(2,3)} ${POOL} dilation=i(1,2) -> [n?,c,h,w]f`,
  "nn.MaxPool3d": `i(1,3) ${POOL} -> [n?,c,t,3,3]f`,
  "nn.LPPool1d": "i(1,3) i(1,3) stride=i(1,2) ceil_mode=b -> [n?,c,l]f",
  "nn.LPPool2d": "i(1,3) i(1,3) stride=i(1,2) ceil_mode=b -> [n?,c,h,w]f",
  "nn.LPPool3d": "i(1,3) i(1,3) stride=i(1,2) ceil_mode=b -> [n?,c,t,3,3]F",
  "nn.AdaptiveAvgPool1d nn.AdaptiveMaxPool1d": "i(1,5) -> [n?,c,l]f",
  "nn.AdaptiveAvgPool2d nn.AdaptiveMaxPool2d": "{i(1,5)|(2,3)|(null,2)} -> [n?,c,h,w]f",
  "nn.AdaptiveAvgPool3d nn.AdaptiveMaxPool3d": "{i(1,3)|(2,3,1)} -> [n?,c,t,3,3]f",
  "nn.MaxUnpool1d": "2 -> [n,c,3]f [n,c,3]L(0,5)",
  "nn.MaxUnpool2d": "2 -> [n,c,2,2]f [n,c,2,2]L(0,15)",
  "nn.MaxUnpool3d": "2 -> [n,c,2,2,1]f [n,c,2,2,1]L(0,31)",
  "nn.BatchNorm1d": `$c ${NORM} momentum=n(0.25,1) affine=b track_running_stats=b -> {[m,c]f|[n,c,l]f}`,
  "nn.BatchNorm2d": `$c ${NORM} momentum=n(0.25,1) affine=b track_running_stats=b -> [n,c,h,w]f`,
  "nn.BatchNorm3d": `$c ${NORM} momentum=n(0.25,1) affine=b track_running_stats=b -> [n,c,t,2,2]f`,
  "nn.InstanceNorm1d": `$c ${NORM} affine=b track_running_stats=b -> [n?,c,l]f`,
  "nn.InstanceNorm2d": `$c ${NORM} affine=b track_running_stats=b -> [n?,c,h,w]f`,
  "nn.InstanceNorm3d": `$c ${NORM} affine=b track_running_stats=b -> [n?,c,t,2,2]f`,
  "nn.GroupNorm": `2 $c*2 ${NORM} affine=b -> [n,c*2,*]f`,
  "nn.LayerNorm": `{$n|($n)} ${NORM} elementwise_affine=b bias=b -> [..,n]f ; ($m,$n) -> [..,m,n]f`,
  "nn.RMSNorm": `{$n|($n)} ${NORM} elementwise_affine=b -> [..,n]f`,
  "nn.LocalResponseNorm": "i(1,3) alpha=n(0.25,1) beta=n(0.25,1) k=n(1,2) -> [n,c,*]F",
  "nn.CosineSimilarity": "dim=i(0,1) eps=n(0.25,0.5) -> [m,n]f [=]f",
  "nn.PairwiseDistance": "p=i(1,3) keepdim=b -> [m,n]f [m,n]f",
  "nn.Embedding": "4 $n padding_idx=i(0,3) scale_grad_by_freq=b -> [*]L(0,3)",
  "nn.EmbeddingBag": "4 $c mode=w(sum|mean|max) padding_idx=i(0,3) -> [m,n]L(0,3)",
  "nn.Flatten": "?i(0,1) -> [m,n,*]f",
  "nn.Unflatten": "1 ($m,2) -> [n,m*2]f",
  "nn.Fold": "(3,3) (2,2) -> [n?,c*4,4]f",
  "nn.Unfold": "{2|(1,2)} dilation=i(1,2) padding=i(0,1) stride=i(1,2) -> [n?,c,h,w]f",
  "nn.PixelShuffle": "2 -> [n?,c*4,m,k]f",
  "nn.PixelUnshuffle": "2 -> [n?,c,m*2,k*2]f",
  "nn.ChannelShuffle": "2 -> [n,c*2,h,w]f",
  "nn.Upsample":
    "!size={3|(4,5)} mode=w(nearest|bilinear|bicubic) -> [n,c,h,w]f ; !scale_factor={2|1.5} !mode=w(bilinear|nearest) -> [n,c,h,w]f",
  "nn.UpsamplingBilinear2d nn.UpsamplingNearest2d":
    "!size=(4,5) -> [n,c,h,w]f ; !scale_factor=2 -> [n,c,h,w]f",
  "nn.CircularPad1d nn.ReflectionPad1d nn.ReplicationPad1d nn.ZeroPad1d": "{i(1,2)|(0,2)} -> [n?,c,l]f",
  "nn.CircularPad2d nn.ReflectionPad2d nn.ReplicationPad2d nn.ZeroPad2d": "{i(1,2)|(0,2,1,1)} -> [n?,c,h,w]f",
  "nn.CircularPad3d nn.ReflectionPad3d nn.ReplicationPad3d nn.ZeroPad3d":
    "{1|(0,2,1,1,1,0)} -> [n?,c,t,3,3]f",
  "nn.ConstantPad1d": "{i(1,2)|(0,2)} n(-2,2) -> [n?,c,l]f",
  "nn.ConstantPad2d": "{i(1,2)|(0,2,1,1)} n(-2,2) -> [n?,c,h,w]f",
  "nn.ConstantPad3d": "{1|(0,2,1,1,1,0)} n(-2,2) -> [n?,c,t,3,3]f",
  "nn.RNN": `$k $n ${RECURRENT} nonlinearity=w(tanh|relu) -> {[m,c,k]f|[m,k]f}`,
  "nn.GRU nn.LSTM": `$k $n ${RECURRENT} -> {[m,c,k]f|[m,k]f}`,
  "nn.RNNCell": "$k $n bias=b nonlinearity=w(tanh|relu) -> [m?,k]f",
  "nn.GRUCell": "$k $n bias=b -> [m?,k]f ?[m?,n]f",
  "nn.LSTMCell": "$k $n bias=b -> [m?,k]f",
  "nn.MultiheadAttention":
    "@once 4 2 bias=b add_bias_kv=b add_zero_attn=b batch_first=b -> [m,c,4]f [m,c,4]f [m,c,4]f need_weights=b ; 4 2 !kdim=3 !vdim=$o -> [m,c,4]f [t,c,3]f [t,c,o]f average_attn_weights=b",
  "nn.TransformerEncoderLayer": `@once 4 2 dim_feedforward=3 ${CODER} batch_first=b -> [m,c,4]f`,
  "nn.TransformerDecoderLayer": `@once 4 2 dim_feedforward=3 ${CODER} -> [m,c,4]f [t,c,4]f`,
  "nn.Sequential": " -> [..,4]f",
  "nn.TransformerEncoder": "@once  -> [m,c,4]f",
  "nn.TransformerDecoder": "@once  -> [m,c,4]f [t,c,4]f",
  "nn.Transformer":
    "@once 4 2 !num_encoder_layers=1 !num_decoder_layers=1 !dim_feedforward=3 !dropout=0 -> [m,c,4]f [t,c,4]f",
};
