package dev.lynceus.request;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component of a request is where nothing is said, and what it may be. One that is not
/// marked has no default, unless it is a list (empty), an `Optional` (empty) or a record all of
/// whose components have one.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
  /// Says that there is no default.
  String NONE = "\0";

  /// The default as text: a number, a text, the word of an enum or of a kind, or what a list holds,
  /// with commas between.
  String otherwise() default NONE;

  /// The smallest number.
  double least() default Double.NEGATIVE_INFINITY;

  /// The largest number.
  double most() default Double.POSITIVE_INFINITY;
}
