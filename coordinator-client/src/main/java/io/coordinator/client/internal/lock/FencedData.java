package io.coordinator.client.internal.lock;

import io.coordinator.client.AsyncBuilds;
import io.coordinator.client.AsyncCache;
import io.coordinator.client.Builds;
import io.coordinator.client.Cache;
import io.coordinator.client.Documents;
import io.coordinator.client.FencedContext;
import io.coordinator.client.Guard;
import io.coordinator.client.LockHandle;

/** Makes the data that functions under a lock write to. */
public interface FencedData {
    Cache cache(Guard guard);

    Cache cache(Guard guard, String namespace);

    Documents documents(Guard guard);

    Builds builds(Guard guard);

    AsyncCache asyncCache(Guard guard);

    AsyncBuilds asyncBuilds(Guard guard);

    /** What a function under this grant gets. */
    default FencedContext context(LockHandle handle) {
        FencedData data = this;
        return new FencedContext() {
            @Override
            public LockHandle handle() {
                return handle;
            }

            @Override
            public Cache cache() {
                return data.cache(guard());
            }

            @Override
            public Cache cache(String namespace) {
                return data.cache(guard(), namespace);
            }

            @Override
            public Documents documents() {
                return data.documents(guard());
            }

            @Override
            public Builds builds() {
                return data.builds(guard());
            }

            @Override
            public AsyncCache asyncCache() {
                return data.asyncCache(guard());
            }

            @Override
            public AsyncBuilds asyncBuilds() {
                return data.asyncBuilds(guard());
            }
        };
    }
}
