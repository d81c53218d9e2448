package io.coordinator.testing.feature;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The ids of the catalogue rows, rules or scenarios that a test proves, such as {@code S-26} or {@code PM-LOCK-5}.
 * {@code docs/coverage.md} is generated from them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Feature {
    /** One or more ids. */
    String[] value();
}
