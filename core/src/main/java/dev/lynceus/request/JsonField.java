package dev.lynceus.request;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A field of the JSON object that becomes of a record of a result: a component, or a method that
/// Jackson takes for one.
///
/// @param type what it holds, with its annotations
/// @param leftOut whether it is not there where it would be null
public record JsonField(String name, AnnotatedType type, boolean leftOut) {

  /// Whether it is there and may be null.
  public boolean nullable() {
    return !leftOut && type.isAnnotationPresent(Nullable.class);
  }

  /// The fields of a record: its components in their order, then its methods by their names.
  public static List<JsonField> of(Class<?> record) {
    JsonInclude include = record.getAnnotation(JsonInclude.class);
    boolean leavesOut = include != null && include.value() == JsonInclude.Include.NON_NULL;
    List<JsonField> fields = new ArrayList<>();
    for (RecordComponent part : record.getRecordComponents()) {
      if (!part.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
        AnnotatedType type = part.getAnnotatedType();
        boolean absent = leavesOut && type.isAnnotationPresent(Nullable.class);
        fields.add(new JsonField(part.getName(), type, absent));
      }
    }
    // Reflection gives methods in any order.
    Arrays.stream(record.getDeclaredMethods())
        .sorted(Comparator.comparing(Method::getName))
        .forEach(method -> {
          String name = name(record, method);
          if (name != null) {
            fields.add(new JsonField(name, method.getAnnotatedReturnType(), false));
          }
        });
    return fields;
  }

  /// The field that a method beside the components becomes; null for most.
  private static @Nullable String name(Class<?> record, Method method) {
    if (method.getParameterCount() > 0
        || Modifier.isStatic(method.getModifiers())
        || method.isAnnotationPresent(JsonIgnore.class)
        || Arrays.stream(record.getRecordComponents())
            .anyMatch(part -> part.getName().equals(method.getName()))) {
      return null;
    }
    if (method.isAnnotationPresent(JsonProperty.class)) {
      return method.getName();
    }
    String name = method.getName();
    boolean open = Modifier.isPublic(method.getModifiers());
    if (open && name.matches("get[A-Z].*") && method.getReturnType() != void.class) {
      return name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
    }
    if (open && name.matches("is[A-Z].*") && method.getReturnType() == boolean.class) {
      return name.substring(2, 3).toLowerCase(Locale.ROOT) + name.substring(3);
    }
    return null;
  }
}
