package dev.lynceus.nn;

import dev.lynceus.method.PlantedMethod;

/// A building block that asks a method: it breaks a rule on purpose, to show that the rule sees it.
public final class PlantedUpwardUse {
  public int layer() {
    return new PlantedMethod().layer();
  }
}
