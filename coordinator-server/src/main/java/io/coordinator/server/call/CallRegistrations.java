package io.coordinator.server.call;

/** What the replicated state knows of workers. */
public interface CallRegistrations {
    /** Who asks; told once, on any thread. */
    interface Asker {
        /** So many workers were registered at some moment since it was asked, while this node led. */
        void found(int workers);

        /** This node leads no longer. */
        void refused();
    }

    /** Asks for the workers of a procedure. Any thread. */
    void ask(String namespace, String name, Asker asker);
}
