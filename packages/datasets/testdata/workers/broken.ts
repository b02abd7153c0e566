throw new RangeError("this module cannot be imported");
