/** Classifiers of images. */
export * from "./alexnet.ts";
export * from "./convnext.ts";
export * from "./densenet.ts";
export * from "./efficientnet.ts";
export * from "./efficientnet_blocks.ts";
export * from "./mnasnet.ts";
export * from "./mobilenet_v2.ts";
export * from "./mobilenet_v3.ts";
export * from "./resnet.ts";
export * from "./resnet_blocks.ts";
export * from "./shufflenet_v2.ts";
export * from "./squeezenet.ts";
export * from "./vgg.ts";
export * from "./vision_transformer.ts";
export * from "./vision_transformer_blocks.ts";
