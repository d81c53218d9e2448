@NullMarked
package io.coordinator.document;

import org.jspecify.annotations.NullMarked;
