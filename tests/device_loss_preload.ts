/** Run before a program: destroys its GPU when it has handed work over so often, as the environment says. */
const { requestDevice } = GPUAdapter.prototype;
const { submit } = GPUQueue.prototype;
const devices = new Map<GPUQueue, GPUDevice>();
let left = Number(Deno.env.get("SUBMISSIONS_TO_LOSS"));

GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await requestDevice.call(this, descriptor);
  devices.set(device.queue, device);
  return device;
};

GPUQueue.prototype.submit = function (buffers) {
  if (left-- === 0) devices.get(this)?.destroy();
  submit.call(this, buffers);
};
