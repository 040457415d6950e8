"""`python -m app` does what `revisage` does."""

from app.cli.main import run

if __name__ == "__main__":
    run()
