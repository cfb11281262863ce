package dev.lynceus.request;

import dev.lynceus.method.Finding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a request gives that gives one of several findings, by the model that is asked.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Gives {
  Class<? extends Finding>[] value();
}
