package dev.lynceus.cli;

import dev.lynceus.tensor.Torch;
import picocli.CommandLine.IVersionProvider;

/// Versions of what takes part in a result. The binding of libtorch carries the library that it
/// loads, so its version is told without loading it.
final class Version implements IVersionProvider {

  /// The version of Lynceus, or `development` where it runs from classes.
  static String lynceus() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "lynceus " + lynceus(), "libtorch " + Torch.version(), "java " + Runtime.version()
    };
  }
}
