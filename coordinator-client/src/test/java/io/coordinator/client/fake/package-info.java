@NullMarked
package io.coordinator.client.fake;

import org.jspecify.annotations.NullMarked;
