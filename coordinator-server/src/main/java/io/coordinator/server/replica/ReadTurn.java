package io.coordinator.server.replica;

/** How long a read may keep the state locked. */
@FunctionalInterface
public interface ReadTurn {
    /** Whether it is time to give the state back: whoever has more to look up does so another time. */
    boolean isOver();
}
