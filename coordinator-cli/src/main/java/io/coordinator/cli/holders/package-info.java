/**
 * {@code coordinator locks} and {@code coordinator sem}: who holds what, who waits for it, and what an operator may do
 * about it.
 */
@NullMarked
package io.coordinator.cli.holders;

import org.jspecify.annotations.NullMarked;
