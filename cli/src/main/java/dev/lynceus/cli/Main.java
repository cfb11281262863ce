package dev.lynceus.cli;

import java.util.List;

/// Where the command line begins. For now it says its version and repeats its arguments.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    String version = Main.class.getPackage().getImplementationVersion();
    System.out.println("lynceus " + (version == null ? "development" : version));
    List.of(args).forEach(System.out::println);
  }
}
