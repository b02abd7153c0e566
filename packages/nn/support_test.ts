import { tape } from "@troodon/autograd";
import { Device, Generator, ReferenceBackend, setDefaultDevice } from "@troodon/core";

/** A reference device of its own, and made the default one. */
export function useReference(): Device {
  const device = new Device(new ReferenceBackend(), { tape, generator: new Generator(1) });
  setDefaultDevice(device);
  return device;
}
