package dev.lynceus.lab.data;

import java.nio.file.Path;

/// Where an example comes from, so that whoever doubts it can look.
///
/// @param file that holds it
/// @param row its number in that file, from 1: the line of lines, the entry of a list
public record Origin(Path file, long row) {
  /// What messages call it.
  @Override
  public String toString() {
    return "row " + row + " of " + file;
  }
}
