package dev.lynceus.tensor;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;

/// Where a tensor lives.
///
/// @param kind processor or graphics card
/// @param index number of the card, 0 for the processor
public record Device(Kind kind, int index) {

  /// The main processor.
  public static final Device CPU = new Device(Kind.CPU, 0);

  /// Kinds of device.
  public enum Kind {
    CPU,
    CUDA
  }

  /// Parses `cpu`, `cuda` or `cuda:1` and checks that this machine and this build of libtorch have
  /// it.
  ///
  /// @throws LynceusException if the name is unknown or the device is not there
  public static Device parse(String name) {
    String text = name.toLowerCase(Locale.ROOT).strip();
    if (text.equals("cpu")) {
      return CPU;
    }
    if (text.equals("cuda") || text.matches("cuda:\\d{1,2}")) {
      int index = text.length() > 5 ? Integer.parseInt(text.substring(5)) : 0;
      if (!torch.cuda_is_available() || index >= torch.cuda_device_count()) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "device '" + name + "' is not available to this build of libtorch",
            "Use --device cpu, or put the CUDA build of org.bytedeco:pytorch on the class path.");
      }
      return new Device(Kind.CUDA, index);
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST, "'" + name + "' is not a device", "Use cpu, cuda or cuda:N.");
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
    };
  }

  org.bytedeco.pytorch.Device handle() {
    return switch (kind) {
      case CPU -> new org.bytedeco.pytorch.Device(DeviceType.CPU);
      case CUDA -> new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) index);
    };
  }

  static Device of(org.bytedeco.pytorch.Device device) {
    return device.is_cuda() ? new Device(Kind.CUDA, device.index()) : CPU;
  }
}
