"""The catalog: sources, mirrors, snapshots, descriptors, entities and the database."""
