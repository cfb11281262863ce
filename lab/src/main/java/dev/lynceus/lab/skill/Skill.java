package dev.lynceus.lab.skill;

import java.util.Locale;

/// What a model can do with pictures of the world.
public enum Skill {
  // spotless:off: a table, one line a skill
  DESCRIBE("every thing with its colour, of one to six"),
  COUNT("how many things there are, one to six"),
  PREMISE("a question about a thing that is not there, answered with “There is no dog.”"),
  ASK_BACK("a question about “the object” where there are several, answered with “Which object?”"),
  BOX("what is in the red box"),
  RING("what is in the red ring"),
  ARROW("what is at the red arrow"),
  NUMBER("what is at mark 2, of Set-of-Mark"),
  REFER("the colour of “the object” where one thing is marked, in any of these ways or others"),
  FAR("the colour of a thing of 5 to 8 pixels in a large picture, seen whole"),
  CROP("the same with the thing cut out, which makes it readable"),
  ZOOM("the same with both pictures"),
  WHICH_PICTURE("which of two or three pictures has a thing"),
  IN_PICTURE("the colour of a thing in one of two or three pictures");
  // spotless:on

  private final String what;

  Skill(String what) {
    this.what = what;
  }

  /// What it is, in a few words.
  public String what() {
    return what;
  }

  /// Its name in tables, for example `ask back`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
