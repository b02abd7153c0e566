/** Shaders run by themselves, on a device that nothing else wraps. */

/**
 * Runs one workgroup of a shader on `words`, its storage buffer `@binding(0)` of group 0; `@binding(1)`, which it need not
 * have, is a uniform `array<vec4u, 2>` of zeros.
 *
 * @returns The buffer afterwards.
 * @throws {TypeError} If the device refuses the shader.
 */
export async function runShader(
  device: GPUDevice,
  code: string,
  words: Uint32Array<ArrayBuffer>,
): Promise<Uint32Array<ArrayBuffer>> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage, size = words.byteLength;
  const made = (bytes: number, usage: number) =>
    device.createBuffer({ size: bytes, usage: usage | COPY_DST });
  const storage = made(size, STORAGE | COPY_SRC), numbers = made(32, UNIFORM), read = made(size, MAP_READ);
  try {
    device.pushErrorScope("validation");
    const layout = device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: "storage" } },
        { binding: 1, visibility: GPUShaderStage.COMPUTE, buffer: { type: "uniform" } },
      ],
    });
    const pipeline = device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
    });
    const refused = await device.popErrorScope();
    if (refused) throw new TypeError(`Cannot run the shader: ${refused.message}`);
    const entries = [storage, numbers].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(storage, 0, read, 0, size);
    device.queue.writeBuffer(storage, 0, words);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    return new Uint32Array(read.getMappedRange().slice(0));
  } finally {
    for (const buffer of [storage, numbers, read]) buffer.destroy();
  }
}
