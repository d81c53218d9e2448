/**
 * Options that several kinds of data share.
 */
@NullMarked
package io.coordinator.client.option;

import org.jspecify.annotations.NullMarked;
