package dev.lynceus.method;

/// The far end of [dev.lynceus.nn.PlantedUpwardUse].
public final class PlantedMethod {
  public int layer() {
    return 3;
  }
}
