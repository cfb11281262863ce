package dev.lynceus.error;

import org.bytedeco.javacpp.Pointer;

/// A class that breaks a rule on purpose, to show that the rule would see it.
public final class PlantedNativeUse {
  public Pointer pointer() {
    return new Pointer();
  }
}
